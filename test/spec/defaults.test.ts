import { userInfo } from "node:os";
import { expect, test } from "vitest";
import { parseSpec } from "../../src/spec/load.js";
import { read, surroundings, three, type Given } from "./reading.js";

test("five lines are a whole spec for three ssh hosts", () => {
  expect(read(three())).toMatchObject({
    name: "demo",
    token: "demo",
    file: "/srv/op/cluster.yaml",
    stateDir: "/srv/op/.quorate/demo",
    etcd: { version: undefined, settings: {} },
    tls: {
      algorithm: "ecdsa-p256",
      caDays: 3650,
      leafDays: 365,
      renewAt: 0.33,
      ca: { kind: "own" },
      keysOn: "operator",
    },
    service: { kind: "systemd", unit: "etcd", user: "etcd", group: "etcd", openFiles: 65_536, memoryMax: undefined },
    release: {
      sources: ["cache", "official", "distribution", "build"],
      mirror: "https://github.com/etcd-io/etcd/releases/download",
    },
  });
  expect(read(three()).members[0]).toEqual({
    name: "a",
    address: "10.0.0.1",
    client: {
      address: "10.0.0.1",
      port: 2379,
      url: "https://10.0.0.1:2379",
      listen: ["https://10.0.0.1:2379", "https://127.0.0.1:2379"],
    },
    peer: { address: "10.0.0.1", port: 2380, url: "https://10.0.0.1:2380", listen: ["https://10.0.0.1:2380"] },
    host: {
      kind: "ssh",
      host: "10.0.0.1",
      user: undefined,
      port: undefined,
      identity: undefined,
      jump: undefined,
  ports: "direct",
      become: "sudo",
    },
    paths: {
      data: "/var/lib/etcd",
      wal: undefined,
      certificates: "/etc/etcd/ssl",
      binaries: "/opt/etcd",
      unit: "/etc/systemd/system/etcd.service",
      state: "/var/lib/quorate/demo",
    },
  });
});

const local = "name: demo\nhosts: local\nmembers: {a: , b: , c: }\n";

test("local members get loopback, ports of their own and folders below the operator's records", () => {
  const { members, service, stateDir } = read(local);
  expect(members.map((member) => [member.client.url, member.peer.url])).toEqual([
    ["https://127.0.0.1:2379", "https://127.0.0.1:2380"],
    ["https://127.0.0.1:22379", "https://127.0.0.1:22380"],
    ["https://127.0.0.1:32379", "https://127.0.0.1:32380"],
  ]);
  expect(members[1]).toMatchObject({
    host: { kind: "local" },
    client: { listen: ["https://127.0.0.1:22379"] },
    paths: {
      data: `${stateDir}/members/b/data`,
      wal: undefined,
      certificates: `${stateDir}/members/b/certificates`,
      binaries: `${stateDir}/bin`,
      unit: `${stateDir}/members/b/run`,
      state: `${stateDir}/members/b/state`,
    },
  });
  expect(service).toMatchObject({ kind: "process", user: "op", group: "ops" });
});

test("seven local members have ports that no two share", () => {
  const ports = read("name: demo\nhosts: local\nmembers: {a: , b: , c: , d: , e: , f: , g: }\n").members.flatMap(
    ({ client, peer }) => [client.port, peer.port],
  );
  expect(new Set(ports).size).toBe(14);
  expect(Math.max(...ports)).toBeLessThan(65_536);
});

test("a local cluster belongs to whoever runs quorate", () => {
  const { service } = parseSpec(local, { file: "/srv/op/cluster.yaml" });
  expect(service.user).toBe(userInfo().username);
  expect(service.group).not.toBe("");
});

test.each([
  [
    "a host name binds every address, since etcd binds IP addresses only",
    "c.example",
    ["https://0.0.0.0:2379"],
    ["https://0.0.0.0:2380"],
  ],
  [
    "an IPv6 address binds itself and its loopback",
    "fd00::7",
    ["https://[fd00::7]:2379", "https://[::1]:2379"],
    ["https://[fd00::7]:2380"],
  ],
])("%s", (_, address, client, peer) => {
  const member = read(three("", `  a: ${address}\n  b: 10.0.0.2\n  c: 10.0.0.3\n`)).members[0];
  expect([member?.client.listen, member?.peer.listen]).toEqual([client, peer]);
});

test.each([
  ["[10.9.0.1]", ["https://10.9.0.1:2379", "https://127.0.0.1:2379"]],
  ["['https://10.9.0.1:2379/', 127.0.0.1]", ["https://10.9.0.1:2379", "https://127.0.0.1:2379"]],
  ["[0.0.0.0]", ["https://0.0.0.0:2379"]],
  ["['::']", ["https://[::]:2379"]],
])("listen: %s reaches loopback, for health checks on the host itself", (listen, expected) => {
  expect(
    read(three("", `  a: {address: 10.0.0.1, client: {listen: ${listen}}}\n  b: 10.0.0.2\n  c: 10.0.0.3\n`)).members[0]
      ?.client.listen,
  ).toEqual(expected);
});

test("peers bind only what they are told to", () => {
  expect(
    read(three("", "  a: {address: 10.0.0.1, peer: {address: 10.1.0.1, port: 4000}}\n  b: 10.0.0.2\n  c: 10.0.0.3\n"))
      .members[0]?.peer,
  ).toEqual({
    address: "10.1.0.1",
    port: 4000,
    url: "https://10.1.0.1:4000",
    listen: ["https://10.1.0.1:4000"],
  });
});

test("tls: off is plaintext everywhere", () => {
  const { tls, members } = read(three("tls: off\n"));
  expect([tls, members[0]?.client.url, members[0]?.peer.listen[0]]).toEqual([
    undefined,
    "http://10.0.0.1:2379",
    "http://10.0.0.1:2380",
  ]);
});

const becomeOf = (ssh: string, given: Given = {}): unknown =>
  read(three(ssh), given).members.map(({ host }) => (host.kind === "ssh" ? host.become : undefined))[0];

test.each([
  ["ssh: {user: root}\n", "op", "none"],
  ["ssh: {user: admin}\n", "root", "sudo"],
  ["", "root", "none"],
  ["", "op", "sudo"],
  ["ssh: {user: root, become: sudo-password}\n", "op", "sudo-password"],
])("with %j, run by %s, root is had by %s", (ssh, user, become) => {
  expect(becomeOf(ssh, { user })).toBe(become);
});

test("a member's own ssh and paths win over those of all", () => {
  const text = three(
    "ssh: {user: admin, port: 2222, identity: ~/.ssh/all}\npaths: {data: /data/all, wal: /wal}\n",
    "  a: {address: 10.0.0.1, ssh: {host: box, user: root, identity: keys/a}, paths: {data: /data/a}}\n  b: 10.0.0.2\n  c: 10.0.0.3\n",
  );
  const [a, b] = read(text, { inspect: () => ({ kind: "file", worldWritable: false }) }).members;
  expect(a).toMatchObject({
    host: { host: "box", user: "root", port: 2222, identity: "/srv/op/keys/a", become: "none" },
    paths: { data: "/data/a", wal: "/wal" },
  });
  expect(b).toMatchObject({
    host: { host: "10.0.0.2", user: "admin", identity: "/home/op/.ssh/all", become: "sudo" },
    paths: { data: "/data/all" },
  });
});

test.each([
  ["records", "/srv/op/records"],
  ["/srv/records", "/srv/records"],
  ["~/records", "/home/op/records"],
])("state: %s is %s", (state, expected) => {
  expect(read(three(`state: ${state}\n`)).stateDir).toBe(expected);
});

test("a field without a value is as if it were not there", () => {
  expect(read(three("etcd:\ntls: ~\npaths: {data: , wal: null}\n"))).toEqual(read(three()));
});

test("the list and the short form say the same", () => {
  expect(
    read(
      three(
        "",
        "  - {name: a, address: 10.0.0.1}\n  - {name: b, address: 10.0.0.2}\n  - {name: c, address: 10.0.0.3}\n",
      ),
    ),
  ).toEqual(read(three()));
});

test("a spec is frozen through and through", () => {
  const spec = read(three("etcd: {settings: {max-wals: 5}}\n"));
  const walk = (value: unknown): unknown[] =>
    typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(walk)] : [];
  expect(walk(spec).every((value) => Object.isFrozen(value))).toBe(true);
});

test("a file in the current folder", () => {
  expect(parseSpec(three(), { ...surroundings, file: "cluster.yaml", cwd: "/srv" }).stateDir).toBe(
    "/srv/.quorate/demo",
  );
});
