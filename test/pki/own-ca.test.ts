/** The cluster's own CA: one, whole, closed to others, whatever happens while it is made. */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createPrivateKey } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { openAuthority } from "../../src/pki/open-authority.js";
import { Secret } from "../../src/pki/secret.js";
import { exampleSpec } from "./example-spec.js";
import { openssl, opensslCa } from "./openssl.js";
import { testFolder } from "./test-folder.js";

const caFile = (folder: string): string => join(folder, "pki", "ca.pem");
const keyFile = (folder: string): string => join(folder, "pki", "ca-key.pem");

test("a CA whose making was cut off after the key is finished with that key", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  await openAuthority(spec).issue("kube-node1");
  const key = readFileSync(keyFile(folder), "utf8");
  rmSync(caFile(folder));
  const authority = openAuthority(spec);
  expect(await authority.trusted()).toBeUndefined();
  await authority.issue("kube-node2");
  expect(readFileSync(keyFile(folder), "utf8")).toBe(key);
  const server = join(folder, "pki", "members", "kube-node1", "live", "server.pem");
  expect(openssl(folder, "verify", "-CAfile", caFile(folder), server)).toContain("OK");
});

test("a CA whose key was taken away still judges and shows, and signs nothing", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  await openAuthority(spec).issue("kube-node1");
  rmSync(keyFile(folder));
  const authority = openAuthority(spec);
  expect(await authority.stored("kube-node1")).toBeDefined();
  expect(await authority.issue("kube-node1")).toBeDefined();
  await expect(authority.issue("kube-node2")).rejects.toMatchObject({ code: "E_CA_KEY_ABSENT" });
  expect(existsSync(keyFile(folder))).toBe(false);
});

test("a CA key that others can read is not used", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  await openAuthority(spec).issue("kube-node1");
  chmodSync(keyFile(folder), 0o644);
  await expect(openAuthority(spec).issue("kube-node2")).rejects.toMatchObject({
    code: "E_KEY_MODE",
    next: `chmod 0600 ${keyFile(folder)}`,
  });
});

test("a CA key that does not fit its certificate is not used", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  await openAuthority(spec).issue("kube-node1");
  const other = opensslCa(folder, "other");
  writeFileSync(keyFile(folder), readFileSync(other.key, "utf8"), { mode: 0o600 });
  await expect(openAuthority(spec).issue("kube-node2")).rejects.toMatchObject({ code: "E_KEY_MISMATCH" });
});

test("under a passphrase the CA's key is PBES2 with scrypt and AES-256, which openssl opens with it alone", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  const asked: string[] = [];
  const passphrase = async (purpose: string): Promise<Secret> => {
    asked.push(purpose);
    return new Secret("correct horse ✓");
  };
  await openAuthority(spec, { passphrase }).issue("kube-node1");
  const text = readFileSync(keyFile(folder), "utf8");
  expect(text).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  const structure = openssl(folder, "asn1parse", "-in", keyFile(folder));
  expect(structure).toContain(":PBES2");
  expect(structure).toContain(":scrypt");
  expect(structure).toContain(":aes-256-cbc");
  const plain = openssl(folder, "pkey", "-in", keyFile(folder), "-passin", "pass:correct horse ✓");
  expect(plain).toContain("BEGIN PRIVATE KEY");
  expect(() => openssl(folder, "pkey", "-in", keyFile(folder), "-passin", "pass:x")).toThrow();
  await openAuthority(spec, { passphrase }).issue("kube-node2");
  expect(asked).toEqual(["protect", "unlock"]);
  await expect(openAuthority(spec, { passphrase: async () => "x" }).issue("kube-node3")).rejects.toMatchObject({
    code: "E_CA_PASSPHRASE",
  });
  const error: unknown = await openAuthority(spec)
    .issue("kube-node3")
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "E_CA_PASSPHRASE", message: expect.stringContaining("no passphrase was given") });
  expect(await openAuthority(spec).stored("kube-node1")).toBeDefined();
}, 60_000);

test("every kind of CA key survives the passphrase", async () => {
  for (const algorithm of ["ecdsa-p384", "ed25519", "rsa-4096"] as const) {
    const folder = testFolder();
    const authority = openAuthority(exampleSpec(folder, { algorithm }), { passphrase: async () => "p" });
    await authority.issue("kube-node1");
    const key = createPrivateKey({ key: readFileSync(keyFile(folder), "utf8"), passphrase: "p" });
    expect(openssl(folder, "x509", "-in", caFile(folder), "-noout", "-pubkey")).toContain("PUBLIC KEY");
    expect(key.type).toBe("private");
  }
}, 120_000);

test("leaves may not be asked to outlive a CA yet to be made", async () => {
  const folder = testFolder();
  const authority = openAuthority(exampleSpec(folder, { caDays: 100, leafDays: 101 }));
  await expect(authority.issue("kube-node1")).rejects.toMatchObject({ code: "E_CERT_LIFETIME" });
  expect(existsSync(caFile(folder))).toBe(false);
  await openAuthority(exampleSpec(folder, { caDays: 100, leafDays: 100 })).issue("kube-node1");
});

test("near the end of its CA a leaf ends with it, is never older, and this is said", async () => {
  const folder = testFolder();
  const day = 24 * 60 * 60 * 1000;
  const spec = exampleSpec(folder, { caDays: 400 });
  const start = Date.UTC(2030, 0, 1);
  await openAuthority(spec, { clock: { now: () => start } }).issue("kube-node1");
  const warnings: string[] = [];
  const late = openAuthority(spec, { clock: { now: () => start + 300 * day }, warn: (line) => warnings.push(line) });
  const trust = await late.issue("kube-node2");
  const server = Buffer.from(await trust.files[1]!.bytes()).toString();
  expect(warnings).toEqual([
    "demo: certificates end with their CA on 2031-02-05T00:00:00.000Z, before the 365 days asked for",
  ]);
  writeFileSync(join(folder, "server.pem"), server);
  const dates = (file: string): string => openssl(folder, "x509", "-noout", "-enddate", "-startdate", "-in", file);
  expect(dates("server.pem")).toContain("notAfter=Feb  5 00:00:00 2031 GMT");
  const behind = openAuthority(spec, { clock: { now: () => start - 60 * 60 * 1000 } });
  await behind.issue("kube-node3");
  const early = dates(join(folder, "pki", "members", "kube-node3", "live", "server.pem"));
  expect(early).toContain("notBefore=Dec 31 23:50:00 2029 GMT");
});

/** Run the issuing program in a process of its own; resolves with its exit code. */
function issueElsewhere(folder: string, member: string): Promise<number | null> {
  const program = fileURLToPath(new URL("issuing-process.ts", import.meta.url));
  const loader = new URL("../support/typescript-loader.mjs", import.meta.url).href;
  const child = spawn(process.execPath, ["--import", loader, program, folder, member], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return new Promise((resolve) => child.once("exit", (code) => resolve(code)));
}

test("processes racing for a new CA end with one", async () => {
  const folder = testFolder();
  const members = ["kube-node1", "kube-node2", "kube-node3"];
  expect(await Promise.all(members.map((member) => issueElsewhere(folder, member)))).toEqual([0, 0, 0]);
  const ca = readFileSync(caFile(folder), "utf8");
  for (const member of members) {
    const live = join(folder, "pki", "members", member, "live");
    expect(readFileSync(join(live, "ca.pem"), "utf8")).toBe(ca);
    expect(openssl(folder, "verify", "-x509_strict", "-CAfile", caFile(folder), join(live, "peer.pem"))).toContain(
      "OK",
    );
  }
}, 120_000);

test("what killed processes left is removed after a day, and nothing else", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  await openAuthority(spec).issue("kube-node1");
  const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
  const plant = (...path: string[]): string => {
    const file = join(folder, "pki", ...path);
    writeFileSync(file, "left over", { mode: 0o600 });
    return file;
  };
  const old = [plant(".ca-key.pem.0123456789ab"), plant("members", "kube-node1", ".0123456789abcdef.0123456789ab")];
  const kept = [plant(".ca-key.pem.ba9876543210"), plant("notes.txt")];
  for (const file of [...old, kept[1]!, keyFile(folder)]) utimesSync(file, longAgo, longAgo);
  const later = openAuthority(spec, { clock: { now: () => Date.now() + 300 * 24 * 60 * 60 * 1000 } });
  await later.issue("kube-node1");
  expect(old.filter((file) => existsSync(file))).toEqual([]);
  expect([...kept, keyFile(folder)].filter((file) => !existsSync(file))).toEqual([]);
});
