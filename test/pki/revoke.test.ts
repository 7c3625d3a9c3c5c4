/** Certificates on record as revoked. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { issueClient } from "../../src/pki/issue-client.js";
import { openAuthority, pkiFolder } from "../../src/pki/open-authority.js";
import { revoke } from "../../src/pki/revoke.js";
import { readRevocations } from "../../src/pki/revocation-record.js";
import type { Spec } from "../../src/spec/spec.js";
import { openssl, opensslCa } from "./openssl.js";
import { exampleMember, exampleSpec } from "./example-spec.js";
import { testFolder } from "./test-folder.js";

const day = 86_400_000;
const serialOf = (pem: string): string => new X509Certificate(pem).serialNumber;
const listed = (spec: Spec): string =>
  openssl(pkiFolder(spec), "crl", "-inform", "DER", "-in", "revoked.crl", "-noout", "-text");

test("every certificate ever issued under a name is revoked with it, and openssl reads the list", async () => {
  const spec = exampleSpec(testFolder());
  const serials = [serialOf((await issueClient(spec, "app")).cert), serialOf((await issueClient(spec, "app")).cert)];
  const other = serialOf((await issueClient(spec, "other")).cert);
  const { added, unknown } = await revoke(spec, "app", "key-compromise", []);
  expect(added.map(({ serial }) => serial).sort()).toEqual([...serials].sort());
  expect(unknown).toBe(false);
  await openAuthority(spec).revocations();
  const text = listed(spec);
  for (const serial of serials) expect(text).toContain(serial);
  expect(text).not.toContain(other);
  expect(text).toContain("Key Compromise");
  expect(openssl(pkiFolder(spec), "crl", "-inform", "DER", "-in", "revoked.crl", "-CAfile", "ca.pem", "-noout")).toBe(
    "",
  );
});

test("what was revoked before stays as it was", async () => {
  const spec = exampleSpec(testFolder());
  await issueClient(spec, "app");
  const { added: first } = await revoke(spec, "app", "superseded", []);
  const again = await revoke(spec, "app", "key-compromise", []);
  expect([again.added, again.already]).toEqual([[], first]);
});

test("a serial is taken in either case, with colons or without, and also when nobody knows it", async () => {
  const spec = exampleSpec(testFolder());
  const serial = serialOf((await issueClient(spec, "app")).cert);
  const { added } = await revoke(spec, serial.toLowerCase().match(/../g)!.join(":"), "unspecified", []);
  expect(added).toMatchObject([{ serial, name: "app" }]);
  const strange = await revoke(spec, "0123456789abcdef", "unspecified", []);
  expect(strange).toMatchObject({ unknown: true, added: [{ serial: "123456789ABCDEF", name: "unknown" }] });
});

test.each([
  ["nobody", "E_REVOKE_UNKNOWN"],
  ["1234", "E_REVOKE_UNKNOWN"],
  ["ca", "E_REVOKE_NEEDED"],
])("%s is not revoked: %s", async (what, code) => {
  const spec = exampleSpec(testFolder());
  await openAuthority(spec).client();
  const ca = await openAuthority(spec).trusted();
  const known = [{ name: "ca", serial: serialOf(ca ?? ""), ends: new Date(Date.now() + day).toISOString() }];
  await expect(revoke(spec, what, "unspecified", known)).rejects.toMatchObject({ code });
  expect(readRevocations(pkiFolder(spec)).revoked).toEqual([]);
});

test("a certificate that the file gives is not revoked as long as it does", async () => {
  const folder = testFolder();
  const ca = opensslCa(folder, "ca");
  const pair = { cert: `${folder}/m1.pem`, key: `${folder}/m1-key.pem` };
  const spec = exampleSpec(folder, { ca: { kind: "given", ...ca }, given: { m1: pair } });
  const known = [{ name: "m1", serial: "0123456789ABCDEF", ends: new Date(Date.now() + day).toISOString() }];
  await expect(revoke(spec, "m1", "unspecified", known)).rejects.toMatchObject({ code: "E_REVOKE_NEEDED" });
});

test("without a list to keep nothing is revoked", async () => {
  const off = exampleSpec(testFolder(), { revocation: false });
  await expect(revoke(off, "app", "unspecified", [])).rejects.toMatchObject({ code: "E_REVOCATION_OFF" });
  const spec = exampleSpec(testFolder());
  const own = { ...spec, etcd: { ...spec.etcd, settings: { "client-crl-file": "/etc/crl.der" } } };
  await expect(revoke(own, "app", "unspecified", [])).rejects.toMatchObject({ code: "E_REVOCATION_OFF" });
  expect(openAuthority(own).revokes()).toBe(false);
});

test("quorate's own certificate that was revoked is made anew, and so is a member's, with another key", async () => {
  const spec = exampleSpec(testFolder(), {}, { members: [exampleMember("m1", "10.64.3.7")] });
  const authority = openAuthority(spec);
  const [client, member] = [await authority.client(), await authority.issue("m1")];
  const server = Buffer.from(await member.files.find(({ name }) => name === "server.pem")!.bytes()).toString();
  const ends = new Date(Date.now() + day).toISOString();
  const known = [
    { name: "root", serial: serialOf(client!.cert), ends },
    { name: "m1", serial: serialOf(server), ends },
  ];
  await revoke(spec, "root", "unspecified", known);
  await revoke(spec, "m1", "unspecified", known);
  expect((await authority.client())?.key).not.toBe(client?.key);
  expect((await authority.issue("m1")).generation).not.toBe(member.generation);
});

test("a list is kept while it is young, and made anew when it is old or names too little", async () => {
  const spec = exampleSpec(testFolder());
  await issueClient(spec, "app");
  await issueClient(spec, "other");
  await revoke(spec, "app", "unspecified", []);
  const at = (days: number) => openAuthority(spec, { clock: { now: () => Date.now() + days * day } });
  const { sha256 } = await at(0).revocations();
  expect((await at(50).revocations()).sha256).toBe(sha256);
  expect(at(50).judgeList(sha256, Date.now() + 50 * day)).toBe("current");
  expect(at(70).judgeList(sha256, Date.now() + 70 * day)).toBe("stale");
  const younger = await at(70).revocations();
  expect(younger.sha256).not.toBe(sha256);
  expect(at(70).judgeList(sha256, Date.now())).toBe("stale");
  await revoke(spec, "other", "unspecified", []);
  expect(at(70).judgeList(younger.sha256, Date.now())).toBe("stale");
  expect(at(0).judgeList("ab".repeat(32), Date.now())).toBe("foreign");
  expect(readFileSync(`${pkiFolder(spec)}/revoked.json`, "utf8")).not.toContain("PRIVATE");
});
