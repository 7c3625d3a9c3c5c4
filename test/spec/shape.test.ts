import { expect, test } from "vitest";
import { problemsOf, three, told } from "./reading.js";

const said = (text: string): string[] => told(problemsOf(text));

test.each([
  [
    "an unknown field",
    "membres: 3\n",
    'E_SPEC_UNKNOWN 2:1 membres | there is no field `membres` here | found "membres" | did you mean `members`?',
  ],
  [
    "an unknown field inside",
    "tls: {algoritm: rsa-2048}\n",
    'E_SPEC_UNKNOWN 2:7 tls.algoritm | there is no field `algoritm` here | found "algoritm" | did you mean `algorithm`?',
  ],
  [
    "a field in camel case",
    "allowEven: true\n",
    'E_SPEC_UNKNOWN 2:1 allowEven | there is no field `allowEven` here | found "allowEven" | did you mean `allow-even`?',
  ],
  [
    "an unknown field like no other",
    "service: {zzzzzzzz: 1}\n",
    'E_SPEC_UNKNOWN 2:11 service.zzzzzzzz | there is no field `zzzzzzzz` here | found "zzzzzzzz" | known here: unit, user, group, open-files, memory-max',
  ],
  [
    "a choice that does not exist",
    "hosts: shh\n",
    'E_SPEC 2:8 hosts | hosts cannot be "shh" | found "shh" | did you mean `ssh`?',
  ],
  [
    "another choice",
    "tls: {algorithm: rsa}\n",
    'E_SPEC 2:18 tls.algorithm | algorithm cannot be "rsa" | found "rsa" | write ecdsa-p256 or ecdsa-p384 or rsa-2048 or rsa-3072 or rsa-4096 or ed25519',
  ],
  [
    "a word for a port",
    "ssh: {port: ssh}\n",
    'E_SPEC 2:13 ssh.port | port cannot be "ssh" | found "ssh" | correct the named line; docs/reference/cluster-file.md lists every field',
  ],
  [
    "a hexadecimal port",
    "ssh: {port: 0x16}\n",
    'E_SPEC 2:13 ssh.port | port cannot be "0x16" | found "0x16" | correct the named line; docs/reference/cluster-file.md lists every field',
  ],
  [
    "text for a mapping",
    "paths: /var/lib/etcd\n",
    'E_SPEC 2:8 paths | paths has the wrong kind of value | found "/var/lib/etcd" | correct the named line; docs/reference/cluster-file.md lists every field',
  ],
  [
    "a mapping for text",
    "state: {a: b}\n",
    "E_SPEC 2:8 state | state has the wrong kind of value | found a mapping | correct the named line; docs/reference/cluster-file.md lists every field",
  ],
  ["tls as true", "tls: true\n", 'E_SPEC 2:6 tls | tls cannot be "true" | found "true" | write off'],
  [
    "a time without unit",
    "tls: {validity: {leaf: 365}}\n",
    'E_SPEC 2:24 tls.validity.leaf | leaf cannot be "365" | found "365" | write the unit: 365ms, 365s or 365h',
  ],
  [
    "a time with a space",
    "tls: {validity: {leaf: 365 d}}\n",
    'E_SPEC 2:24 tls.validity.leaf | leaf cannot be "365 d" | found "365 d" | write 365d, without the space',
  ],
  [
    "an ambiguous size",
    "service: {memory-max: 8G}\n",
    'E_SPEC 2:23 service.memory-max | memory-max cannot be "8G" | found "8G" | write 8GiB (8589934592 bytes) or 8GB (8000000000 bytes)',
  ],
  [
    "yes for true",
    "allow-even: yes\n",
    'E_SPEC 2:13 allow-even | allow-even cannot be "yes" | found "yes" | correct the named line; docs/reference/cluster-file.md lists every field',
  ],
])("%s", (_, line, expected) => {
  expect(said(three(line))).toEqual([expected]);
});

test("no name", () => {
  expect(said("members: {a: 10.0.0.1, b: 10.0.0.2, c: 10.0.0.3}\n")).toEqual([
    "E_SPEC_MISSING 1:1 name | `name` is missing | found nothing | add `name: …`",
  ]);
});

test.each([
  ["name: demo\n", "1:1"],
  ["name: demo\nmembers:\n", "2:1"],
])("no members in %j", (text, place) => {
  expect(said(text)).toEqual([
    `E_SPEC_EMPTY ${place} members | the file names no members | found nothing | add \`members: …\``,
  ]);
});

test("an empty list of members", () => {
  expect(said("name: demo\nmembers: []\n")).toEqual([
    "E_SPEC_EMPTY 2:1 members | the file names no members | found 0 members | list the members, or write a new file with `quorate init`",
  ]);
});

test("a listed member without name", () => {
  expect(said(three("", "  - address: 10.0.0.1\n  - {name: b, address: 10.0.0.2}\n"))).toEqual([
    "E_SPEC_MISSING 3:5 members[0].name | `name` is missing | found nothing | add `name: …`",
  ]);
});

test("a member without address, in either form", () => {
  expect(said(three("", "  a:\n  b: {client: {port: 2379}}\n  c: 10.0.0.3\n"))).toEqual([
    "E_SPEC_MISSING 3:3 members.a.address | `address` is missing | found nothing | add `address: …`",
    "E_SPEC_MISSING 4:6 members.b.address | `address` is missing | found nothing | add `address: …`",
  ]);
  expect(said(three("", "  - name: a\n"))).toContain(
    "E_SPEC_MISSING 3:5 members[0].address | `address` is missing | found nothing | add `address: …`",
  );
});

test("a pair without its key", () => {
  expect(said(three("tls: {client: {cert: a.pem}}\n"))).toContain(
    "E_SPEC_MISSING 2:15 tls.client.key | `key` is missing | found nothing | add `key: …`",
  );
});

test("all mistakes of a file come at once, in the order of its lines", () => {
  const text = `nam: demo
etcd: {version: latest, settings: {quota-backend-bytes: 8G}}
members:
  - {name: a, adress: 10.0.0.1}
  - {name: b/c, address: 10.0.0.300}
  - {name: d, address: 10.0.0.3, client: {port: 99999}}
paths: {data: var}
`;
  expect(problemsOf(`name: demo\n${text}`).map(({ code, details }) => `${code} ${details.line}`)).toEqual([
    "E_SPEC_UNKNOWN 2",
    "E_RELEASE_VERSION 3",
    "E_SPEC_SETTING 3",
    "E_SPEC_UNKNOWN 5",
    "E_SPEC_NAME 6",
    "E_SPEC_ADDRESS 6",
    "E_SPEC_PORT 7",
    "E_SPEC_PATH 8",
  ]);
});

test("a member of the wrong shape raises no further problems, such as an even count", () => {
  expect(
    said(
      three(
        "",
        "  - {name: a, address: 10.0.0.1}\n  - {name: b, address: 10.0.0.2}\n  - {nme: c, address: 10.0.0.3}\n",
      ),
    ).map((line) => line.split(" ")[0]),
  ).toEqual(["E_SPEC_MISSING", "E_SPEC_UNKNOWN"]);
});

test("a mistake elsewhere does not hide that the count is even", () => {
  const text = "name: demo\nmembers: {a: 10.0.0.1, b: 10.0.0.2}\ntls: {algoritm: x}\n";
  expect(problemsOf(text).map((problem) => problem.code)).toEqual(["E_SPEC_MEMBERS", "E_SPEC_UNKNOWN"]);
});

test("a member of the short form with a mistake is left out of the count too", () => {
  const text = "name: demo\nmembers: {a: 10.0.0.1, b: 10.0.0.2, c: {adress: 10.0.0.3}}\n";
  expect(problemsOf(text).map((problem) => problem.code)).toEqual(["E_SPEC_UNKNOWN"]);
});
