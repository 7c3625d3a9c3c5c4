import { expect, test } from "vitest";
import { problemsOf, read, three, told, warningsOf } from "./reading.js";

const said = (text: string): string[] => told(problemsOf(text));
const names = "choose a name of letters, digits, dots and dashes";
const ips = (count: number): string =>
  Array.from({ length: count }, (_, index) => `  m${index}: 10.0.0.${index + 1}\n`).join("");

test.each([
  ["two dots", "a..b", "the cluster's name names folders too and cannot hold `..`"],
  ["a slash", "a/b", 'the cluster cannot be called "a/b"'],
  ["a leading dash", "-a", 'the cluster cannot be called "-a"'],
  ["a trailing dot", "a.", 'the cluster cannot be called "a."'],
  ["too many letters", "a".repeat(51), "the cluster's name has 51 characters"],
])("a cluster's name with %s", (_, name, message) => {
  expect(said(three().replace("demo", name))).toEqual([
    `E_SPEC_NAME 1:7 name | ${message} | found ${JSON.stringify(name)} | ${names}`,
  ]);
});

test("an empty name is a missing one", () => {
  expect(said(three().replace("demo", ""))).toEqual([
    "E_SPEC_MISSING 1:1 name | `name` is missing | found nothing | add `name: …`",
  ]);
});

test("an empty name in quotes", () => {
  expect(said(three().replace("demo", '""'))).toEqual([
    'E_SPEC 1:7 name | name cannot be "" | found "" | correct the named line; docs/reference/cluster-file.md lists every field',
  ]);
});

test.each([
  ["a slash", "a/b", "a member's name names a folder too and cannot hold `/` or `..`"],
  ["a comma", "a,b", "a member's name cannot hold `,` or `=`, which etcd's --initial-cluster uses"],
  ["an equals sign", "a=b", "a member's name cannot hold `,` or `=`, which etcd's --initial-cluster uses"],
  ["shell characters", "a$(id)", 'a member cannot be called "a$(id)"'],
  ["a leading dash", "-rf", 'a member cannot be called "-rf"'],
  ["too many letters", "m".repeat(64), "a member's name has 64 characters"],
])("a member's name with %s", (_, name, message) => {
  const members = `  - name: '${name}'\n    address: 10.0.0.1\n  - {name: b, address: 10.0.0.2}\n  - {name: c, address: 10.0.0.3}\n`;
  expect(said(three("", members))).toEqual([
    `E_SPEC_NAME 3:11 members[0].name | ${message} | found ${JSON.stringify(name)} | ${names}`,
  ]);
});

test("in the short form the name is the key", () => {
  expect(said(three("", "  'a b': 10.0.0.1\n  b: 10.0.0.2\n  c: 10.0.0.3\n"))).toEqual([
    `E_SPEC_NAME 3:3 members["a b"] | a member cannot be called "a b" | found "a b" | ${names}`,
  ]);
});

test("a token that a unit's environment cannot hold", () => {
  expect(said(three("etcd: {token: 'a;b'}\n"))).toEqual([
    `E_SPEC_NAME 2:15 etcd.token | the token has characters that cannot go into a unit's environment | found "a;b" | ${names}`,
  ]);
});

test.each([
  ["unit", "etcd.service", "write etcd, without .service"],
  ["unit", "a/b", names],
  ["user", "Etcd", names],
  ["user", "a b", "correct the named line; docs/reference/cluster-file.md lists every field"],
  ["group", "0root", names],
])("service.%s cannot be %j", (key, value, next) => {
  expect(said(three(`service:\n  ${key}: '${value}'\n`))[0]).toMatch(
    new RegExp(`^E_SPEC(_NAME)? 3:${key.length + 5} service.${key} .*\\| ${next}$`),
  );
});

test("two members of one name", () => {
  const members =
    "  - {name: a, address: 10.0.0.1}\n  - {name: b, address: 10.0.0.2}\n  - {name: a, address: 10.0.0.3}\n";
  expect(said(three("", members))).toEqual([
    "E_SPEC_DUPLICATE 5:12 members[2].name | members 1 and 3 are both called a | found a | give each its own name",
  ]);
});

test("two members of one address, however it is spelled", () => {
  const members = "  a: fd00::1\n  b: 10.0.0.2\n  c: '[FD00:0:0::1]'\n";
  expect(said(three("", members))).toEqual([
    "E_SPEC_DUPLICATE 5:6 members.c.address | a and c have the same address fd00::1 | found fd00::1 | give every member a machine of its own",
  ]);
});

test("two members that dial the same URL", () => {
  const members =
    "  a: {address: 10.0.0.1, peer: {address: 10.1.0.1}}\n  b: {address: 10.0.0.2, peer: {address: 10.1.0.1}}\n  c: 10.0.0.3\n";
  expect(said(three("", members))).toEqual([
    "E_SPEC_DUPLICATE 4:32 members.b.peer.port | a and b have the same peer URL https://10.1.0.1:2380 | found https://10.1.0.1:2380 | give each its own address or port",
  ]);
});

test("two members that ssh reaches as one host", () => {
  const members =
    "  a: {address: 10.0.0.1, ssh: {host: box}}\n  b: {address: 10.0.0.2, ssh: {host: box}}\n  c: 10.0.0.3\n";
  expect(said(three("", members))).toEqual([
    "E_SPEC_DUPLICATE 4:38 members.b.ssh.host | a and b are reached as the same host: ssh box | found box | give every member a machine of its own",
  ]);
});

test.each([
  [2, "2 members tolerate no failure, no more than 1 would", "use 3 members, or write `allow-even: true`"],
  [4, "4 members tolerate one failure, no more than 3 would", "use 3 or 5 members, or write `allow-even: true`"],
  [6, "6 members tolerate two failures, no more than 5 would", "use 5 or 7 members, or write `allow-even: true`"],
])("%i members are refused unless the file says so", (count, message, next) => {
  expect(said(three("", ips(count)))).toEqual([
    `E_SPEC_MEMBERS 2:1 members | ${message} | found ${count} members | ${next}`,
  ]);
  expect(read(three("allow-even: true\n", ips(count))).members).toHaveLength(count);
});

test.each(["ssh", "local"])("a single member (hosts: %s) is refused unless the file says so", (hosts) => {
  const members = `  a: ${hosts === "ssh" ? "10.0.0.1" : "127.0.0.1"}\n`;
  expect(said(three(`hosts: ${hosts}\n`, members))).toEqual([
    "E_SPEC_MEMBERS 3:1 members | one member is not highly available: when it fails, all fails | found 1 members | add two members, or write `allow-single: true`",
  ]);
  expect(read(three(`hosts: ${hosts}\nallow-single: true\n`, members)).members).toHaveLength(1);
});

test("more than seven members are refused whatever the file says", () => {
  expect(said(three("allow-even: true\n", ips(8)))).toEqual([
    "E_SPEC_MEMBERS 3:1 members | 8 members: every write waits for 5 of them | found 8 members | use 5: two may fail",
  ]);
});

test("names that ssh would take for options", () => {
  expect(said(three("ssh: {jump: '-oProxyCommand=id'}\n"))).toEqual([
    `E_SPEC_NAME 2:13 ssh.jump | "-oProxyCommand=id" cannot go on ssh's command line | found "-oProxyCommand=id" | ${names}`,
  ]);
});

test("what a cluster on this machine has no use for is a warning", () => {
  const warnings = warningsOf(
    three(
      "hosts: local\nssh: {user: root}\nservice: {user: etcd}\n",
      "  a: 127.0.0.1\n  b: 127.0.0.1\n  c: 127.0.0.1\n",
    ),
  );
  expect(told(warnings)).toEqual([
    "E_SPEC 3:1 ssh | `ssh` is not used with `hosts: local` | found  | remove it",
    "E_SPEC 4:11 service.user | `user` is not used with `hosts: local` | found  | remove it",
  ]);
});

test("local members that would share a folder", () => {
  const text = three(
    "hosts: local\npaths: {data: data}\n",
    "  a: 127.0.0.1\n  b: 127.0.0.1\n  c: {paths: {data: other}}\n",
  );
  expect(said(text)).toEqual([
    "E_SPEC_DUPLICATE 3:15 paths.data | a and b are on this machine and would share /srv/op/data | found /srv/op/data | leave paths.data out, or write it under every member",
  ]);
});
