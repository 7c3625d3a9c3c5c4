import { createHash, X509Certificate } from "node:crypto";
import type { MemberTrust, TrustFile } from "./authority.js";
import { plainKey } from "./key-file.js";
import type { SetFiles } from "./sets.js";

/** The files of a member's set. */
export const memberFiles = ["ca.pem", "server.pem", "server-key.pem", "peer.pem", "peer-key.pem"] as const;

/** A set as hosts receive it. The content sits behind a function, so printing it shows no key. */
export function memberTrust(files: SetFiles): MemberTrust {
  return {
    generation: keysDigest(files),
    files: memberFiles.map((name): TrustFile => {
      const bytes = Buffer.from(files[name] ?? "", "utf8");
      return {
        name,
        mode: name.endsWith("-key.pem") ? "0600" : "0644",
        sha256: createHash("sha256").update(bytes).digest("hex"),
        bytes: () => Promise.resolve(new Uint8Array(bytes)),
      };
    }),
  };
}

/** The first 16 hex digits of a digest over the public keys of a member's set, which its certificates tell. */
export function keysDigest(files: SetFiles): string {
  const digest = createHash("sha256");
  for (const name of ["server.pem", "peer.pem"]) {
    digest.update(new X509Certificate(files[name] ?? "").publicKey.export({ type: "spki", format: "der" }));
  }
  return digest.digest("hex").slice(0, 16);
}

/** Whether every certificate of a set has its key beside it. */
export function keysFit(files: SetFiles, names: readonly string[]): boolean {
  return names.every((name) => {
    const certificate = files[`${name}.pem`];
    const key = files[`${name}-key.pem`];
    if (certificate === undefined || key === undefined) return false;
    try {
      return new X509Certificate(certificate).checkPrivateKey(plainKey(key, name));
    } catch {
      return false; // a damaged set is no set; it is made anew
    }
  });
}
