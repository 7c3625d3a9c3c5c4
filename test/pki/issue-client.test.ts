import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inspectPem } from "../../src/pki/inspect.js";
import { issueClient } from "../../src/pki/issue-client.js";
import { issuedClients } from "../../src/pki/issued-clients.js";
import { caOf } from "../../src/pki/open-authority.js";
import { revocationList, serialOf } from "../../src/pki/revocation.js";
import { exampleSpec } from "./example-spec.js";
import { openssl, verify } from "./openssl.js";
import { testFolder } from "./test-folder.js";

test("a client certificate is for clients only, under the name asked for", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  const { cert, commonName, files } = await issueClient(spec, "apiserver");
  expect(commonName).toBe("apiserver");
  expect(inspectPem(cert)[0]).toMatchObject({
    subject: "C=JP, O=k8s, OU=System, CN=apiserver",
    usages: ["clientAuth"],
    sans: [],
    isCA: false,
  });
  const ca = readFileSync(files.ca, "utf8");
  expect(verify(folder, "sslclient", ca, readFileSync(files.cert, "utf8"))).toBe("leaf.pem: OK");
  expect(statSync(files.key).mode & 0o777).toBe(0o600);
});

test("common name, organizations, days and folder can be chosen", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  const out = join(folder, "handed", "over");
  const { cert, files } = await issueClient(spec, "kube", {
    commonName: "kube-apiserver-etcd-client",
    organizations: ["system:masters", "operators"],
    days: 30,
    out,
  });
  const [facts] = inspectPem(cert);
  expect(facts?.subject).toBe("C=JP, O=system:masters, O=operators, OU=System, CN=kube-apiserver-etcd-client");
  expect(facts?.daysLeft).toBeGreaterThanOrEqual(29);
  expect(facts?.daysLeft).toBeLessThanOrEqual(30);
  expect(files).toEqual({ ca: join(out, "ca.pem"), cert: join(out, "kube.pem"), key: join(out, "kube-key.pem") });
  expect(openssl(folder, "pkey", "-in", files.key, "-pubout")).toBe(
    openssl(folder, "x509", "-in", files.cert, "-noout", "-pubkey"),
  );
  const kept = await issuedClients(spec);
  expect(kept.map(({ name, cert: pem }) => [name, pem])).toEqual([["kube", cert]]);
  const records = openssl(folder, "x509", "-noout", "-in", kept[0]!.file, "-subject");
  expect(records).toContain("kube-apiserver-etcd-client");
  await issueClient(spec, "other", { out });
  writeFileSync(join(out, "third.pem"), "mine");
  await expect(issueClient(spec, "third", { out })).rejects.toMatchObject({ code: "E_TLS_EXISTS" });
});

test("a lifetime beyond the CA's is refused when it was asked for", async () => {
  const spec = exampleSpec(testFolder(), { caDays: 400 });
  await expect(issueClient(spec, "late", { days: 401 })).rejects.toMatchObject({
    code: "E_CERT_LIFETIME",
    details: { found: "401 days", expected: expect.stringMatching(/^at most (399|400) days: the CA ends on 20/) },
  });
  await issueClient(spec, "early", { days: 399 });
});

test("names that are no file names or would open the peer port are refused", async () => {
  const spec = exampleSpec(testFolder());
  for (const name of ["", "../x", "a/b", ".hidden", "a b", "a\n", "x".repeat(64), "ca"]) {
    await expect(issueClient(spec, name), JSON.stringify(name)).rejects.toMatchObject({ code: "E_CLIENT_NAME" });
  }
  for (const commonName of ["demo-peer", "", "a\u0000b", "x".repeat(65)]) {
    await expect(issueClient(spec, "ok", { commonName })).rejects.toMatchObject({ code: "E_CLIENT_NAME" });
  }
});

test("any common name comes back from the certificate as it went in", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  const printable = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
    .filter((text) => text.length <= 64 && !/\p{Cc}/u.test(text));
  await fc.assert(
    fc.asyncProperty(printable, async (commonName) => {
      const { cert } = await issueClient(spec, "any", { commonName });
      writeFileSync(join(folder, "any.pem"), cert);
      const text = openssl(
        folder,
        "x509",
        "-in",
        "any.pem",
        "-noout",
        "-subject",
        "-nameopt",
        "utf8,sep_multiline,lname",
      );
      expect(text).toContain(`commonName=${commonName}\n`);
    }),
    { numRuns: 60 },
  );
}, 120_000);

test("every certificate ever issued under a name can be revoked: the list is DER, and openssl honours it", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  await issueClient(spec, "lost");
  await issueClient(spec, "lost");
  const kept = await issueClient(spec, "kept");
  const revoked = (await issuedClients(spec)).filter(({ name }) => name === "lost");
  expect(revoked).toHaveLength(2);
  const ca = caOf(spec, spec.tls!, {});
  const now = Date.now();
  const entries = revoked.map(({ cert }) => ({ serial: serialOf(cert), at: now }));
  const list = await revocationList(ca, entries, { now, days: 30, number: 300 });
  expect(list[0]).toBe(0x30);
  writeFileSync(join(folder, "crl.der"), list);
  const text = openssl(folder, "crl", "-inform", "DER", "-in", "crl.der", "-noout", "-text", "-CAfile", ca.file);
  expect(text).toContain("X509v3 CRL Number: \n                300");
  expect(text.match(/Serial Number:/g)).toHaveLength(2);
  expect(text).toContain("Authority Key Identifier");
  openssl(folder, "crl", "-inform", "DER", "-in", "crl.der", "-out", "crl.pem");
  const check = (file: string): string =>
    openssl(folder, "verify", "-crl_check", "-CRLfile", "crl.pem", "-CAfile", ca.file, file);
  expect(check(kept.files.cert)).toContain("OK");
  for (const { file } of revoked) expect(() => check(file)).toThrow(/certificate revoked/);
});

test("an empty revocation list of a CA is valid, with any number", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder, { algorithm: "ed25519" });
  const ca = caOf(spec, spec.tls!, {});
  for (const number of [0, 1, 127, 128, 255, 256, 2 ** 40 + 5]) {
    const list = await revocationList(ca, [], { now: Date.now(), days: 1, number });
    writeFileSync(join(folder, "crl.der"), list);
    const shown = openssl(
      folder,
      "crl",
      "-inform",
      "DER",
      "-in",
      "crl.der",
      "-noout",
      "-crlnumber",
      "-CAfile",
      ca.file,
    );
    expect(BigInt(shown.trim().replace("crlNumber=", ""))).toBe(BigInt(number));
  }
});
