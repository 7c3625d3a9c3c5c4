/** What is right and wrong with the certificates a host shows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Authority, MemberTrust } from "../../src/pki/authority.js";
import { openAuthority } from "../../src/pki/open-authority.js";
import type { Spec } from "../../src/spec/spec.js";
import { endpoint, exampleMember, exampleMembers, exampleSpec } from "./example-spec.js";
import { opensslCa, opensslLeaf } from "./openssl.js";
import { testFolder } from "./test-folder.js";

const day = 24 * 60 * 60 * 1000;

interface Pair {
  ca: string;
  server: string;
  peer: string;
}

async function shown(trust: MemberTrust): Promise<Pair> {
  const text = async (name: string): Promise<string> =>
    Buffer.from(await trust.files.find((file) => file.name === name)!.bytes()).toString();
  return { ca: await text("ca.pem"), server: await text("server.pem"), peer: await text("peer.pem") };
}

async function issued(spec: Spec, name = "kube-node1"): Promise<{ authority: Authority; pair: Pair }> {
  const authority = openAuthority(spec);
  return { authority, pair: await shown(await authority.issue(name)) };
}

test("a fresh set is fit, until its renewal is due, until it has expired", async () => {
  const { authority, pair } = await issued(exampleSpec(testFolder(), { leafDays: 100, renewAt: 0.3 }));
  const at = (days: number): ReturnType<Authority["judge"]> =>
    authority.judge("kube-node1", pair, Date.now() + days * day);
  expect(at(69)).toMatchObject({ state: "ok", reasons: [], foreignCa: false, renewable: true });
  expect(at(69).notAfter?.slice(0, 10)).toBe(new Date(Date.now() + 100 * day).toISOString().slice(0, 10));
  const due = at(71);
  expect(due.state).toBe("renewal-due");
  expect(due.reasons).toEqual([
    expect.stringMatching(/^server: 2[89] days left, until 20/),
    expect.stringMatching(/^peer: 2[89] days left, until 20/),
  ]);
  const over = at(101);
  expect(over.state).toBe("outdated");
  expect(over.reasons).toEqual([
    expect.stringMatching(/^server: expired on 20/),
    expect.stringMatching(/^peer: expired on 20/),
  ]);
  expect(at(-1).reasons[0]).toMatch(/^ca: is not valid before 20/);
});

test("asked to renew whatever was issued before now, it takes what was issued in the second that has begun as new", async () => {
  const now = Date.UTC(2030, 0, 1, 0, 0, 10, 900);
  const at = (milliseconds: number) => ({ clock: { now: () => now + milliseconds } });
  const spec = exampleSpec(testFolder());
  const pair = await shown(await openAuthority(spec, at(0)).issue("kube-node1"));
  const asked = (before: number) =>
    openAuthority(spec, { ...at(50), renew: { members: ["kube-node1"], before } }).judge("kube-node1", pair, now);
  expect(asked(now + 50).state).toBe("ok");
  expect(asked(now + 100).state).toBe("renewal-due");
});

test("an issue when renewal is due gives a new set; before that, the same", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder, { leafDays: 100 });
  const first = await openAuthority(spec).issue("kube-node1");
  const at = (days: number): Promise<MemberTrust> =>
    openAuthority(spec, { clock: { now: () => Date.now() + days * day } }).issue("kube-node1");
  expect((await at(50)).generation).toBe(first.generation);
  expect((await at(80)).generation).not.toBe(first.generation);
});

test("an address or name that the spec has gained is missed", async () => {
  const folder = testFolder();
  const { pair } = await issued(exampleSpec(folder));
  const moved = exampleMember("kube-node1", "10.64.3.7", { peer: endpoint("10.65.0.7", 2380) });
  const members = [moved, ...exampleMembers.slice(1)];
  const authority = openAuthority(exampleSpec(folder, { sans: ["etcd.example.org"] }, { members }));
  const verdict = authority.judge("kube-node1", pair, Date.now());
  expect(verdict.reasons).toEqual([
    expect.stringMatching(/^server: etcd\.example\.org is not among its names \(/),
    expect.stringMatching(/^peer: 10\.65\.0\.7 is not among its names \(/),
  ]);
  expect(await shown(await authority.issue("kube-node1"))).not.toEqual(pair);
  expect(authority.judge("kube-node1", await shown(await authority.issue("kube-node1")), Date.now()).state).toBe("ok");
});

test("wildcard names are found as themselves and do what they say", async () => {
  const { authority, pair } = await issued(
    exampleSpec(testFolder(), { sans: ["*.etcd.example.org", "Node.Example.ORG"] }),
  );
  expect(authority.judge("kube-node1", pair, Date.now()).state).toBe("ok");
});

test("another member's certificates are refused", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  const { authority } = await issued(spec, "kube-node1");
  const other = await shown(await authority.issue("kube-node2"));
  expect(authority.judge("kube-node1", other, Date.now())).toMatchObject({
    state: "wrong",
    foreignCa: false,
    reasons: [
      "server: its CN is kube-node2 instead of kube-node1",
      expect.stringMatching(/^server: 10\.64\.3\.7 is not among/),
      expect.stringMatching(/^peer: 10\.64\.3\.7 is not among/),
    ],
  });
});

test("server and peer certificate exchanged are noticed by their CN", async () => {
  const { authority, pair } = await issued(exampleSpec(testFolder()));
  const verdict = authority.judge("kube-node1", { ca: pair.ca, server: pair.peer, peer: pair.server }, Date.now());
  expect(verdict.reasons).toContain("peer: its CN is kube-node1 instead of demo-peer");
  expect(verdict.reasons).toContain("server: its CN is demo-peer instead of kube-node1");
});

test("a set of another CA is foreign, also when that CA has the same name", async () => {
  const { authority } = await issued(exampleSpec(testFolder()));
  const { pair } = await issued(exampleSpec(testFolder()));
  const verdict = authority.judge("kube-node1", pair, Date.now());
  expect(verdict).toMatchObject({ state: "wrong", foreignCa: true });
  expect(verdict.reasons).toEqual([
    "ca: demo etcd CA, which this cluster trusts, is not in the file",
    "ca: demo etcd CA is in the file and not a CA of this cluster",
    "server: does not lead to the cluster's CA; its issuer is CN=demo etcd CA",
    "peer: does not lead to the cluster's CA; its issuer is CN=demo etcd CA",
  ]);
});

test("one CA too many in the file lets strangers in, and is foreign", async () => {
  const folder = testFolder();
  const { authority, pair } = await issued(exampleSpec(folder));
  const stranger = readFileSync(opensslCa(folder, "stranger").cert, "utf8");
  const verdict = authority.judge("kube-node1", { ...pair, ca: pair.ca + stranger }, Date.now());
  expect(verdict).toMatchObject({ state: "wrong", foreignCa: true });
  expect(verdict.reasons).toEqual(["ca: stranger is in the file and not a CA of this cluster"]);
});

test("a leaf that another leaf signed is refused", async () => {
  const folder = testFolder();
  const { authority, pair } = await issued(exampleSpec(folder));
  const root = opensslCa(folder, "root");
  const leaf = opensslLeaf(folder, "root", "leaf");
  const below = opensslLeaf(folder, "leaf", "below", { names: "IP:10.64.3.7" });
  const server = [below.cert, leaf.cert, root.cert].map((file) => readFileSync(file, "utf8")).join("");
  expect(authority.judge("kube-node1", { ...pair, server }, Date.now()).reasons[0]).toBe(
    "server: does not lead to the cluster's CA; its issuer is CN=leaf",
  );
});

test("missing and damaged files are reasons, not crashes, and are not foreign", async () => {
  const { authority, pair } = await issued(exampleSpec(testFolder()));
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  expect(authority.judge("kube-node1", { ca: "", server: broken, peer: pair.peer }, Date.now())).toMatchObject({
    state: "wrong",
    foreignCa: false,
    reasons: [
      "ca: holds no certificate",
      "ca: demo etcd CA, which this cluster trusts, is not in the file",
      "server: certificate number 1 in it cannot be read",
    ],
  });
});

test("without a CA of its own, an authority calls every set foreign", async () => {
  const { pair } = await issued(exampleSpec(testFolder()));
  const verdict = openAuthority(exampleSpec(testFolder())).judge("kube-node1", pair, Date.now());
  expect(verdict).toMatchObject({ state: "wrong", foreignCa: true, reasons: ["ca: this cluster has no CA yet"] });
});

test("a stored set with a file altered, missing or exchanged is no set, and is made anew", async () => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  const { rmSync, writeFileSync } = await import("node:fs");
  const live = join(folder, "pki", "members", "kube-node1", "live");
  const harm: (() => void)[] = [
    () => rmSync(join(live, "peer.pem")),
    () => rmSync(join(live, "server-key.pem")),
    () => writeFileSync(join(live, "server-key.pem"), readFileSync(join(live, "peer-key.pem"))),
    () => writeFileSync(join(live, "server.pem"), readFileSync(join(live, "peer.pem"))),
    () => writeFileSync(join(live, "ca.pem"), ""),
    () => rmSync(live),
  ];
  for (const harmful of harm) {
    const before = await openAuthority(spec).issue("kube-node1");
    harmful();
    const authority = openAuthority(spec);
    expect(await authority.stored("kube-node1")).toBeUndefined();
    const after = await authority.issue("kube-node1");
    expect(after.generation).not.toBe(before.generation);
    expect(authority.judge("kube-node1", await shown(after), Date.now()).state).toBe("ok");
  }
});
