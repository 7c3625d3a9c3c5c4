/** Certificates from outside: each thing that can be wrong has its own code and names what is wrong. */
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/errors.js";
import { checkGiven } from "../../src/pki/given.js";
import { openAuthority } from "../../src/pki/open-authority.js";
import { Secret } from "../../src/pki/secret.js";
import { exampleMembers, exampleSpec } from "./example-spec.js";
import { openssl, opensslCa, opensslLeaf, type Made } from "./openssl.js";
import { testFolder } from "./test-folder.js";

const allAddresses = `IP:127.0.0.1,${exampleMembers.map((member) => `IP:${member.address}`).join(",")}`;
const dayMilliseconds = 24 * 60 * 60 * 1000;

/** The tutorial's files: one CA, one pair for all members. */
function tutorial(folder: string, leaf: Parameters<typeof opensslLeaf>[3] = {}): { ca: Made; etcd: Made } {
  const ca = opensslCa(folder, "ca", ["-days", "365"]);
  return { ca, etcd: opensslLeaf(folder, "ca", "etcd", { names: allAddresses, ...leaf }) };
}

function sharedSpec(folder: string, files: { ca: Made; etcd: Made }, caKey = false): ReturnType<typeof exampleSpec> {
  return exampleSpec(folder, {
    ca: { kind: "given", cert: files.ca.cert, key: caKey ? files.ca.key : undefined },
    given: Object.fromEntries(exampleMembers.map((member) => [member.name, files.etcd])),
  });
}

/** The codes and messages found, with the test's folder taken out of the text. */
async function found(spec: ReturnType<typeof exampleSpec>, now = Date.now()): Promise<[ErrorCode, string][]> {
  const problems = await checkGiven(spec, { clock: { now: () => now } });
  return problems.map((problem) => [problem.code, problem.message.replaceAll(`${spec.stateDir}/`, "")]);
}

test("the tutorial's shared pair serves every member, and quorate itself when the CA's key is not here", async () => {
  const folder = testFolder();
  const files = tutorial(folder);
  const spec = sharedSpec(folder, files);
  expect(await found(spec)).toEqual([]);
  const authority = openAuthority(spec);
  const stored = await authority.stored("kube-node2");
  expect((await authority.issue("kube-node2")).generation).toBe(stored?.generation);
  const ca = readFileSync(files.ca.cert, "utf8");
  const leaf = readFileSync(files.etcd.cert, "utf8");
  expect(authority.judge("kube-node2", { ca, server: leaf, peer: leaf }, Date.now())).toMatchObject({
    state: "ok",
    reasons: [],
    foreignCa: false,
    renewable: false,
  });
  expect(await authority.client()).toMatchObject({ cert: leaf, probe: undefined, files: files.etcd });
});

test("cfssl's key formats, SEC1 and PKCS#1, are accepted", async () => {
  const folder = testFolder();
  const files = tutorial(folder);
  writeFileSync(files.etcd.key, openssl(folder, "ec", "-in", files.etcd.key), { mode: 0o600 });
  expect(readFileSync(files.etcd.key, "utf8")).toContain("BEGIN EC PRIVATE KEY");
  expect(await found(sharedSpec(folder, files))).toEqual([]);

  const rsa = testFolder();
  const second = tutorial(rsa, { newkey: ["-newkey", "rsa:2048"] });
  writeFileSync(second.etcd.key, openssl(rsa, "rsa", "-traditional", "-in", second.etcd.key), { mode: 0o600 });
  expect(readFileSync(second.etcd.key, "utf8")).toContain("BEGIN RSA PRIVATE KEY");
  expect(await found(sharedSpec(rsa, second))).toEqual([]);
});

test("cfssl's own label for Ed25519 keys is accepted, and no reader of the key sees it", async () => {
  const folder = testFolder();
  const files = tutorial(folder, { newkey: ["-newkey", "ed25519"] });
  const plain = readFileSync(files.etcd.key, "utf8");
  writeFileSync(files.etcd.key, plain.replaceAll("PRIVATE KEY", "Ed25519 PRIVATE KEY"), { mode: 0o600 });
  const spec = sharedSpec(folder, files);
  expect(await found(spec)).toEqual([]);
  expect((await openAuthority(spec).client())?.key).toBe(plain);
});

test("a given CA with its key issues members' own certificates", async () => {
  const folder = testFolder();
  const ca = opensslCa(folder, "kubernetes", ["-newkey", "rsa:2048", "-days", "365"]);
  const spec = exampleSpec(folder, { ca: { kind: "given", ...ca } });
  const authority = openAuthority(spec);
  expect(await checkGiven(spec)).toEqual([]);
  const trust = await authority.issue("kube-node1");
  expect(await authority.trusted()).toBe(readFileSync(ca.cert, "utf8"));
  const live = join(folder, "pki", "members", "kube-node1", "live");
  expect(openssl(folder, "verify", "-x509_strict", "-CAfile", ca.cert, join(live, "peer.pem"))).toContain("OK");
  expect((await authority.stored("kube-node1"))?.generation).toBe(trust.generation);
  expect(await authority.client()).toMatchObject({ ca: readFileSync(ca.cert, "utf8") });
});

test("an intermediate CA is used when its root stands in the same file, and refused when it does not", async () => {
  const folder = testFolder();
  const root = opensslCa(folder, "root");
  const middle = opensslLeaf(folder, "root", "middle", { ca: true, usages: "" });
  const spec = exampleSpec(folder, { ca: { kind: "given", ...middle } });
  expect(await found(spec)).toEqual([
    ["E_CERT_CHAIN", "middle.pem: middle is an intermediate whose root is not in the file"],
  ]);
  writeFileSync(middle.cert, readFileSync(middle.cert, "utf8") + readFileSync(root.cert, "utf8"));
  expect(await found(spec)).toEqual([]);
  await openAuthority(spec).issue("kube-node1");
  const server = join(folder, "pki", "members", "kube-node1", "live", "server.pem");
  expect(openssl(folder, "verify", "-CAfile", middle.cert, server)).toContain("OK");
});

describe("each thing that is wrong is named", () => {
  test("a leaf given as CA", async () => {
    const folder = testFolder();
    const files = tutorial(folder);
    const spec = sharedSpec(folder, { ...files, ca: files.etcd });
    expect(await found(spec)).toContainEqual(["E_CA_IS_LEAF", "etcd.pem: etcd is not a CA certificate"]);
  });

  test("a key that is another's, of the CA and of a leaf", async () => {
    const folder = testFolder();
    const files = tutorial(folder);
    const other = opensslLeaf(folder, "ca", "other");
    const crossed = { ca: { ...files.ca, key: other.key }, etcd: { ...files.etcd, key: files.ca.key } };
    expect(await found(sharedSpec(folder, crossed, true))).toEqual([
      ["E_KEY_MISMATCH", "other-key.pem: is not the key of ca.pem"],
      ["E_KEY_MISMATCH", "ca-key.pem: is not the key of etcd.pem"],
    ]);
  });

  test("expired and not yet valid certificates, by the clock given", async () => {
    const folder = testFolder();
    const spec = sharedSpec(folder, tutorial(folder));
    const [ca, leaf] = await found(spec, Date.now() + 400 * dayMilliseconds);
    expect(ca).toEqual(["E_CERT_EXPIRED", expect.stringMatching(/^ca\.pem: ca expired on 20/)]);
    expect(leaf).toEqual(["E_CERT_EXPIRED", expect.stringMatching(/^etcd\.pem: etcd expired on 20/)]);
    expect((await found(spec, Date.now() + 40 * dayMilliseconds)).map(([code]) => code)).toEqual(["E_CERT_EXPIRED"]);
    const early = await found(spec, Date.now() - dayMilliseconds);
    expect(early.map(([code]) => code)).toEqual(["E_CERT_NOT_YET_VALID", "E_CERT_NOT_YET_VALID"]);
    expect(early[0]?.[1]).toMatch(/is not valid before 20/);
  });

  test.each([
    ["serverAuth", "clientAuth"],
    ["clientAuth", "serverAuth"],
  ])("a leaf for %s alone lacks %s", async (usages, missing) => {
    const folder = testFolder();
    const problems = await found(sharedSpec(folder, tutorial(folder, { usages })));
    expect(problems[0]).toEqual([
      "E_CERT_USAGE",
      `etcd.pem: lacks the extended key usage ${missing}, which member kube-node1 needs`,
    ]);
    expect(new Set(problems.map(([code]) => code))).toEqual(new Set(["E_CERT_USAGE"]));
  });

  test("a leaf without extended key usages may be used for all", async () => {
    const folder = testFolder();
    expect(await found(sharedSpec(folder, tutorial(folder, { usages: "" })))).toEqual([]);
  });

  test("an address that the names do not cover", async () => {
    const folder = testFolder();
    const names = "IP:10.64.3.7,IP:10.64.3.8,DNS:kube-node3";
    expect(await found(sharedSpec(folder, tutorial(folder, { names })))).toEqual([
      ["E_CERT_NAMES", "etcd.pem: does not cover 10.64.3.86, the address of member kube-node3"],
    ]);
  });

  test("RSA of 1024 bits and SHA-1 signatures", async () => {
    const folder = testFolder();
    const small = tutorial(folder, { newkey: ["-newkey", "rsa:1024"] });
    expect(await found(sharedSpec(folder, small))).toEqual([
      ["E_CERT_WEAK", "etcd.pem: etcd is too weak: its key is RSA 1024, less than 2048 bits"],
    ]);
    const old = testFolder();
    expect(await found(sharedSpec(old, tutorial(old, { sign: ["-sha1"] })))).toEqual([
      ["E_CERT_WEAK", "etcd.pem: etcd is too weak: it is signed with ecdsa-with-SHA1"],
    ]);
    const rsa = testFolder();
    opensslCa(rsa, "ca", ["-newkey", "rsa:2048"]);
    const etcd = opensslLeaf(rsa, "ca", "etcd", { names: allAddresses, sign: ["-sha1"] });
    const ca = { cert: join(rsa, "ca.pem"), key: join(rsa, "ca-key.pem") };
    expect(await found(sharedSpec(rsa, { ca, etcd }))).toEqual([
      ["E_CERT_WEAK", "etcd.pem: etcd is too weak: it is signed with sha1WithRSA"],
    ]);
  });

  test("a leaf of another CA", async () => {
    const folder = testFolder();
    const files = tutorial(folder);
    opensslCa(folder, "stranger");
    const etcd = opensslLeaf(folder, "stranger", "foreign", { names: allAddresses });
    expect(await found(sharedSpec(folder, { ...files, etcd }))).toEqual([
      ["E_CERT_CHAIN", "foreign.pem: does not lead to the given CA"],
    ]);
  });

  test("a CA of the same name with another key", async () => {
    const folder = testFolder();
    const files = tutorial(folder);
    const again = testFolder();
    const namesake = opensslCa(again, "ca", ["-days", "365"]);
    copyFileSync(namesake.cert, files.ca.cert);
    expect((await found(sharedSpec(folder, files))).map(([code]) => code)).toEqual(["E_CERT_CHAIN"]);
  });

  test("keys that others can read", async () => {
    const folder = testFolder();
    const files = tutorial(folder);
    chmodSync(files.ca.key, 0o640);
    chmodSync(files.etcd.key, 0o644);
    expect(await found(sharedSpec(folder, files, true))).toEqual([
      ["E_KEY_MODE", "ca-key.pem: this key can be read by others"],
      ["E_KEY_MODE", "etcd-key.pem: this key can be read by others"],
    ]);
    chmodSync(files.ca.key, 0o400);
    chmodSync(files.etcd.key, 0o640);
    expect(await found(sharedSpec(folder, files, true))).toEqual([]);
  });

  test("files that are missing, empty, garbage or of another kind", async () => {
    const folder = testFolder();
    const files = tutorial(folder);
    const absent = { cert: join(folder, "no.pem"), key: join(folder, "no-key.pem") };
    expect(await found(sharedSpec(folder, { ...files, etcd: absent }))).toEqual([
      ["E_TLS_FILE", "no.pem: cannot be read (ENOENT)"],
      ["E_TLS_FILE", "no-key.pem: cannot be read (ENOENT)"],
    ]);
    writeFileSync(files.ca.cert, "");
    writeFileSync(files.etcd.cert, "hello\n");
    writeFileSync(files.etcd.key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    expect(await found(sharedSpec(folder, files))).toEqual([
      ["E_PEM", "ca.pem: holds no certificate"],
      ["E_PEM", "etcd.pem: holds no certificate"],
      ["E_PEM", "etcd-key.pem: holds no private key that can be read"],
    ]);
    writeFileSync(files.ca.cert, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    expect((await found(sharedSpec(folder, files)))[0]).toEqual([
      "E_PEM",
      "ca.pem: certificate number 1 in it cannot be read",
    ]);
  });

  test("a key file where a certificate belongs is named by its kind, and its content is not quoted", async () => {
    const folder = testFolder();
    const files = tutorial(folder);
    const problems = await checkGiven(sharedSpec(folder, { ...files, ca: { ...files.ca, cert: files.ca.key } }));
    expect(problems[0]?.details.found).toBe("a PEM block of kind PRIVATE KEY");
    const secret = readFileSync(files.ca.key, "utf8").split("\n")[1]!;
    expect(JSON.stringify(problems)).not.toContain(secret);
  });

  test("a leaf's key under a passphrase: etcd has nobody to ask", async () => {
    const folder = testFolder();
    const files = tutorial(folder);
    const locked = join(folder, "locked-key.pem");
    openssl(folder, "pkey", "-in", files.etcd.key, "-aes256", "-passout", "pass:x", "-out", locked);
    chmodSync(locked, 0o600);
    expect(await found(sharedSpec(folder, { ...files, etcd: { ...files.etcd, key: locked } }))).toEqual([
      ["E_KEY_ENCRYPTED", "locked-key.pem: is encrypted, and etcd reads only plain keys"],
    ]);
  });

  test("leaves given without the CA that signed them", async () => {
    const folder = testFolder();
    const { etcd } = tutorial(folder);
    expect(await found(exampleSpec(folder, { given: { "kube-node1": etcd } }))).toEqual([
      ["E_CERT_CHAIN", "certificates are given without their CA"],
    ]);
  });
});

test("the CA's key under a passphrase opens with the right one only, and the passphrase is in no message", async () => {
  const folder = testFolder();
  const ca = opensslCa(folder, "ca");
  const locked = join(folder, "locked-key.pem");
  openssl(folder, "pkey", "-in", ca.key, "-aes256", "-passout", "pass:correct horse", "-out", locked);
  chmodSync(locked, 0o600);
  const spec = exampleSpec(folder, { ca: { kind: "given", cert: ca.cert, key: locked } });
  const codes = async (passphrase: string | undefined): Promise<string[]> => {
    const problems = await checkGiven(spec, {
      passphrase: async () => (passphrase === undefined ? undefined : new Secret(passphrase)),
    });
    expect(JSON.stringify(problems)).not.toContain(passphrase ?? "\0");
    return problems.map((problem) => problem.code);
  };
  expect(await codes("correct horse")).toEqual([]);
  expect(await codes("wrong battery")).toEqual(["E_CA_PASSPHRASE"]);
  expect(await codes(undefined)).toEqual(["E_CA_PASSPHRASE"]);
  await openAuthority(spec, { passphrase: async () => "correct horse" }).issue("kube-node1");
  await expect(openAuthority(spec, { passphrase: async () => "wrong" }).issue("kube-node2")).rejects.toMatchObject({
    code: "E_CA_PASSPHRASE",
  });
});

test("without the CA's key nothing is issued, and the reason is said", async () => {
  const folder = testFolder();
  const ca = opensslCa(folder, "ca");
  const authority = openAuthority(exampleSpec(folder, { ca: { kind: "given", cert: ca.cert, key: undefined } }));
  await expect(authority.issue("kube-node1")).rejects.toMatchObject({ code: "E_CA_KEY_ABSENT" });
  await expect(authority.client()).rejects.toMatchObject({ code: "E_CA_KEY_ABSENT" });
  expect(await authority.storedClient()).toBeUndefined();
});

test("a given client pair is quorate's own identity, and its probe when it has no names", async () => {
  const folder = testFolder();
  const files = tutorial(folder);
  const plain = opensslLeaf(folder, "ca", "operator", { usages: "clientAuth" });
  const spec = sharedSpec(folder, files);
  const withClient = { ...spec, tls: { ...spec.tls!, givenClient: plain } };
  expect(await found(withClient)).toEqual([]);
  const identity = await openAuthority(withClient).storedClient();
  expect(identity).toMatchObject({ cert: readFileSync(plain.cert, "utf8"), files: { ca: files.ca.cert, ...plain } });
  expect(identity?.probe?.cert).toBe(identity?.cert);
  const server = opensslLeaf(folder, "ca", "server-only", { usages: "serverAuth" });
  expect(await found({ ...spec, tls: { ...spec.tls!, givenClient: server } })).toEqual([
    ["E_CERT_USAGE", "server-only.pem: lacks the extended key usage clientAuth, which the client needs"],
  ]);
});
