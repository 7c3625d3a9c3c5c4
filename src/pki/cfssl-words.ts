/** cfssl's vocabulary. */

/** The usages that a signing profile of cfssl may list. */
export const knownUsages: ReadonlySet<string> = new Set([
  "signing",
  "digital signature",
  "content commitment",
  "key encipherment",
  "key agreement",
  "data encipherment",
  "cert sign",
  "crl sign",
  "encipher only",
  "decipher only",
  "any",
  "server auth",
  "client auth",
  "code signing",
  "email protection",
  "s/mime",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "timestamping",
  "ocsp signing",
  "microsoft sgc",
  "netscape sgc",
]);

const hoursPerUnit: Readonly<Record<string, number>> = { h: 1, m: 1 / 60, s: 1 / 3600 };

/** The hours of a duration as Go writes it: "87600h", "8760h30m". undefined when it is not one. */
export function hoursOf(duration: string): number | undefined {
  if (!/^(\d+(\.\d+)?[hms])+$/.test(duration)) return undefined;
  const parts = duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g);
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * hoursPerUnit[unit!]!, 0);
}
