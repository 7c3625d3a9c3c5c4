import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { openAuthority } from "../../src/pki/open-authority.js";
import { exampleMembers, exampleSpec } from "./example-spec.js";
import { invariant } from "../../src/errors.js";
import type { MemberTrust } from "../../src/pki/authority.js";
import { testFolder } from "./test-folder.js";

async function textOf(trust: MemberTrust, name: string): Promise<string> {
  const file = trust.files.find((candidate) => candidate.name === name);
  invariant(file !== undefined, `${name} is in the set`);
  return Buffer.from(await file.bytes()).toString("utf8");
}

async function pairOf(trust: MemberTrust): Promise<{ ca: string; server: string; peer: string }> {
  const [ca, server, peer] = await Promise.all(["ca.pem", "server.pem", "peer.pem"].map((name) => textOf(trust, name)));
  invariant(ca !== undefined && server !== undefined && peer !== undefined, "three certificates");
  return { ca, server, peer };
}

test("a new authority holds nothing and writes nothing", async () => {
  const folder = testFolder();
  const authority = openAuthority(exampleSpec(folder));
  expect(await authority.trusted()).toBeUndefined();
  expect(await authority.stored("kube-node1")).toBeUndefined();
  expect(await authority.storedClient()).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test("issuing makes the CA and sets that are judged fit, and is idempotent, also across processes' lives", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  const authority = openAuthority(spec);
  const issued = await Promise.all(exampleMembers.map((member) => authority.issue(member.name)));
  for (const [index, member] of exampleMembers.entries()) {
    const trust = issued[index]!;
    expect(authority.judge(member.name, await pairOf(trust), Date.now())).toMatchObject({ state: "ok", reasons: [] });
    expect((await openAuthority(spec).issue(member.name)).generation).toBe(trust.generation);
    expect((await openAuthority(spec).stored(member.name))?.generation).toBe(trust.generation);
  }
  expect(await authority.trusted()).toBe(await textOf(issued[0]!, "ca.pem"));
});

test("every file is 0600 and every folder 0700", async () => {
  const folder = testFolder();
  const authority = openAuthority(exampleSpec(folder));
  await authority.issue("kube-node1");
  await authority.client();
  const entries = readdirSync(join(folder, "pki"), { recursive: true, withFileTypes: true });
  expect(entries.length).toBeGreaterThan(15);
  for (const entry of entries) {
    if (entry.isSymbolicLink()) continue;
    const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
    expect([entry.name, mode.toString(8)]).toEqual([entry.name, entry.isDirectory() ? "700" : "600"]);
  }
});

test("two authorities at once make one CA", async () => {
  const folder = testFolder();
  const racers = Array.from({ length: 4 }, () => openAuthority(exampleSpec(folder)));
  const sets = await Promise.all(racers.map((authority, index) => authority.issue(exampleMembers[index % 3]!.name)));
  const cas = await Promise.all(sets.map((trust) => textOf(trust, "ca.pem")));
  expect(new Set(cas).size).toBe(1);
  expect(cas[0]).toBe(readFileSync(join(folder, "pki", "ca.pem"), "utf8"));
});

test("the client identity is made once, names its files, and shows no key when printed", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  const identity = await openAuthority(spec).client();
  invariant(identity !== undefined, "TLS is on");
  expect(readFileSync(identity.files.cert, "utf8")).toBe(identity.cert);
  expect(readFileSync(identity.files.key, "utf8")).toBe(identity.key);
  expect(readFileSync(identity.files.ca, "utf8")).toBe(identity.ca);
  expect(await openAuthority(spec).storedClient()).toMatchObject({ cert: identity.cert, key: identity.key });
  expect(inspect(identity, { depth: 5 }) + JSON.stringify(identity)).not.toContain("PRIVATE KEY");
  expect(inspect(identity)).toContain("[redacted]");
});
