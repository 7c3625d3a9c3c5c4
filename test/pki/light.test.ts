/** A run that has nothing to issue must not pay for the X.509 library. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { openAuthority } from "../../src/pki/open-authority.js";
import { exampleSpec } from "./example-spec.js";
import { testFolder } from "./test-folder.js";

const imports = vi.hoisted(() => ({ forbidden: false }));

vi.mock("../../src/pki/library.js", async (original) => {
  const real = await original<typeof import("../../src/pki/library.js")>();
  const guarded = <T>(act: () => T): T => {
    if (imports.forbidden) throw new Error("the X.509 library was asked for");
    return act();
  };
  return { x509: () => guarded(real.x509), warm: () => guarded(real.warm) };
});

test("reading, judging and finding everything fit load no X.509 library", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  await openAuthority(spec).issue("kube-node1");
  await openAuthority(spec).client();
  imports.forbidden = true;
  const authority = openAuthority(spec);
  expect(await authority.trusted()).toContain("BEGIN CERTIFICATE");
  const stored = await authority.stored("kube-node1");
  expect(await authority.storedClient()).toBeDefined();
  expect(await authority.client()).toBeDefined();
  expect((await authority.issue("kube-node1")).generation).toBe(stored?.generation);
  const live = join(folder, "pki", "members", "kube-node1", "live");
  const [ca, server, peer] = ["ca", "server", "peer"].map((name) => readFileSync(join(live, `${name}.pem`), "utf8"));
  expect(authority.judge("kube-node1", { ca: ca!, server: server!, peer: peer! }, Date.now()).state).toBe("ok");
  rmSync(live);
  await expect(authority.issue("kube-node1")).rejects.toThrow("the X.509 library was asked for");
});

test("a cluster without TLS has no certificates, and nothing is written for it", async () => {
  const authority = openAuthority({ ...exampleSpec(testFolder()), tls: undefined });
  expect(await authority.client()).toBeUndefined();
  expect(await authority.trusted()).toBeUndefined();
  expect(await authority.stored("kube-node1")).toBeUndefined();
  expect(authority.judge("kube-node1", { ca: "", server: "", peer: "" }, 0).state).toBe("ok");
});
