import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { QuorateError, QuorateErrors } from "../../src/errors.js";
import { draftFrom, type InitSources } from "../../src/spec/init.js";
import { freePortPairs, isFreePort } from "../../src/spec/local-ports.js";
import { writeSpec } from "../../src/spec/write.js";
import { read } from "./reading.js";

const free = () => Promise.resolve(true);
const nodes = "a=https://10.0.0.1:2380,b=https://10.0.0.2:2380,c=https://10.0.0.3:2380";

test("members from flags", async () => {
  const draft = await draftFrom({
    flags: {
      name: "demo",
      members: ["a=10.0.0.1", "fd00::2", "c=c.example"],
      version: "3.5.33",
      ssh: { user: "admin" },
    },
  });
  expect(writeSpec(draft)).toBe(`# What \`quorate up\` builds. Every field: docs/reference/cluster-file.md
name: demo

# Every member's name, and the address that the others dial.
members:
  a: 10.0.0.1
  etcd-host1: fd00::2
  c: c.example

# How the hosts are reached; what is not said here is left to your own OpenSSH configuration.
ssh:
  user: admin

# Version and settings of etcd. Without a version: the newest that can be had and is safe.
etcd:
  version: 3.5.33
`);
});

test("three local members when nothing else is said", async () => {
  const draft = await draftFrom({ flags: { hosts: "local" }, isFree: free });
  expect(draft).toEqual({
    name: "etcd",
    hosts: "local",
    members: ["etcd-0", "etcd-1", "etcd-2"].map((name) => ({ name, address: "127.0.0.1" })),
  });
  expect(read(writeSpec(draft)).members.map((member) => member.client.port)).toEqual([2379, 22_379, 32_379]);
});

test("local members by name, and as many as asked for", async () => {
  expect(
    (await draftFrom({ flags: { hosts: "local", members: ["x", "y", "z"] }, isFree: free })).members,
  ).toMatchObject([{ name: "x" }, { name: "y" }, { name: "z" }]);
  expect((await draftFrom({ flags: { hosts: "local", count: 5 }, isFree: free })).members).toHaveLength(5);
});

test("a taken port moves the member's pair, and only then ports are written down", async () => {
  const taken = new Set([2379, 22_380]);
  const draft = await draftFrom({ flags: { hosts: "local" }, isFree: (port) => Promise.resolve(!taken.has(port)) });
  expect(draft.members).toEqual([
    { name: "etcd-0", address: "127.0.0.1", client: { port: "2389" }, peer: { port: "2390" } },
    { name: "etcd-1", address: "127.0.0.1", client: { port: "22389" }, peer: { port: "22390" } },
    { name: "etcd-2", address: "127.0.0.1" },
  ]);
  expect(read(writeSpec(draft)).members[0]?.client.url).toBe("https://127.0.0.1:2389");
});

test("no free port at all is said and not searched for ever", async () => {
  await expect(freePortPairs(1, () => Promise.resolve(false))).rejects.toThrow("no two free ports from 2379");
});

test("a port that somebody listens on is not free", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await isFreePort(port)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await isFreePort(port)).toBe(true);
});

test("the calling shell's variables are enough", async () => {
  expect((await draftFrom({ environment: { ETCD_NODES: nodes, HOME: "/root" } })).members).toMatchObject([
    { name: "a" },
    { name: "b" },
    { name: "c" },
  ]);
});

test("flags win over the file, the file over the environment", async () => {
  const sources: InitSources = {
    environment: { ETCD_NODES: nodes, CLUSTER_CIDR: "10.9.0.0/16" },
    environmentFile: { file: "environment.sh", text: `export CLUSTER_CIDR="10.8.0.0/16"\n` },
  };
  expect(await draftFrom(sources)).toMatchObject({
    members: [{ name: "a" }, { name: "b" }, { name: "c" }],
    consumers: { "cluster-cidr": "10.8.0.0/16" },
  });
  expect((await draftFrom({ ...sources, flags: { members: ["x=10.1.0.1"] } })).members).toEqual([
    { name: "x", address: "10.1.0.1" },
  ]);
});

test("cfssl's files become the TLS part", async () => {
  const cfssl = { algorithm: "rsa-2048", subject: { C: "CN", O: "k8s" } } as const;
  expect((await draftFrom({ environment: { ETCD_NODES: nodes }, cfssl })).tls).toEqual(cfssl);
});

test("nobody says who the members are", async () => {
  const error: unknown = await draftFrom({}).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "E_USAGE" });
  expect((error as QuorateError).next).toBe(
    "for example: quorate init --member a=10.0.0.1 --member b=10.0.0.2 --member c=10.0.0.3",
  );
});

test.each(["=10.0.0.1", "a=", ""])("--member %j is told with its form", async (text) => {
  await expect(draftFrom({ flags: { members: [text] } })).rejects.toMatchObject({
    code: "E_USAGE",
    details: { where: "--member", found: text },
  });
});

test("a variable of the file that makes no sense is told with its line", async () => {
  const error: unknown = await draftFrom({
    environmentFile: { file: "environment.sh", text: `# nodes\nexport ETCD_NODES=a\n` },
  }).catch((reason: unknown) => reason);
  expect((error as QuorateErrors).problems).toMatchObject([
    { code: "E_ENVIRONMENT", details: { where: "environment.sh", line: 2, found: "a" } },
  ]);
});
