import { expect, test } from "vitest";
import { problemsOf, read, three, told } from "./reading.js";

const said = (text: string): string[] => told(problemsOf(text));
const dial = "write an IP address or a host name that the other members can reach";
const rest = "  b: 10.0.0.2\n  c: 10.0.0.3\n";

test.each([
  ["_", "host_1", "has an underscore, which host names cannot have", dial],
  ["a space", "host 1", "has a space in it", dial],
  ["a trailing dot", "host.example.", "ends with a dot", "write host.example"],
  ["an empty label", "host..example", "has an empty part between dots", dial],
  [
    "a long label",
    "h".repeat(64),
    `is not a host name: "${"h".repeat(64)}" is not letters, digits and inner dashes`,
    dial,
  ],
  [
    "a number over 255",
    "10.0.0.300",
    "is neither an IPv4 address nor a host name",
    "an IPv4 address has four numbers from 0 to 255",
  ],
  ["a URL", "https://h:2379", "is a URL", "write the host alone; the port has a field of its own"],
  ["a port", "10.0.0.1:2379", "has a port", "write the host alone; the port has a field of its own"],
  ["broken IPv6", "fd00::1::2", "is not an IPv6 address", dial],
  [
    "a zone",
    "fe80::1%eth0",
    "has a zone, which neither URLs nor certificates can carry",
    "use a global or unique local address",
  ],
  [
    "link-local",
    "fe80::1",
    "is a link-local address, which needs a zone that URLs cannot carry",
    "write the address that the other members dial",
  ],
  ["brackets around IPv4", "[10.0.0.1]", "brackets belong around an IPv6 address only", dial],
  [
    "IPv4 in IPv6",
    "::ffff:10.0.0.1",
    "is an IPv4 address inside an IPv6 one: certificates name one and peers see the other",
    "write the IPv4 address itself",
  ],
  [
    "any address",
    "0.0.0.0",
    "stands for every address of a machine, not for one",
    "write the address that the other members dial",
  ],
  [
    "any IPv6 address",
    "::",
    "stands for every address of a machine, not for one",
    "write the address that the other members dial",
  ],
  ["broadcast", "255.255.255.255", "is the broadcast address", "write the address that the other members dial"],
  ["multicast", "224.0.0.1", "is a multicast address", "write the address that the other members dial"],
  ["IPv6 multicast", "ff02::1", "is a multicast address", "write the address that the other members dial"],
  ["a reserved address", "240.0.0.1", "is a reserved address", "write the address that the other members dial"],
  [
    "loopback",
    "127.0.0.1",
    "is loopback: no other machine can dial it",
    "write the host's own address, or `hosts: local` for a cluster on this machine",
  ],
  [
    "IPv6 loopback",
    "::1",
    "is loopback: no other machine can dial it",
    "write the host's own address, or `hosts: local` for a cluster on this machine",
  ],
  [
    "localhost",
    "localhost",
    "is loopback: no other machine can dial it",
    "write the host's own address, or `hosts: local` for a cluster on this machine",
  ],
])("an address that is %s", (_, address, why, next) => {
  const told = said(three("", `  a: '${address}'\n${rest}`));
  const found = JSON.stringify(address);
  expect(told).toEqual([`E_SPEC_ADDRESS 3:6 members.a.address | ${found} ${why} | found ${found} | ${next}`]);
});

test("an extra name for certificates is judged too", () => {
  expect(said(three("tls: {sans: ['*.etcd.example', 192.0.2.1, 'bad_name', '*.10.0.0.1']}\n"))).toEqual([
    `E_SPEC_ADDRESS 2:43 tls.sans[2] | "bad_name" has an underscore, which host names cannot have | found "bad_name" | ${dial}`,
    `E_SPEC_ADDRESS 2:55 tls.sans[3] | "*.10.0.0.1" is a wildcard for an IP address | found "*.10.0.0.1" | ${dial}`,
  ]);
});

const member = (fields: string): string => three("", `  a: {address: 10.0.0.1, ${fields}}\n${rest}`);

test.each([
  ["0", "0 is not a TCP port", "choose a free port from 1024 to 65535"],
  ["-1", "-1 is not a TCP port", "choose a free port from 1024 to 65535"],
  ["65536", "65536 is not a TCP port", "choose a free port from 1024 to 65535"],
  ["443", "port 443 needs root, and etcd does not run as root", "choose a port from 1024 up, such as 2379"],
])("port %s", (port, message, next) => {
  expect(said(member(`client: {port: ${port}}`))).toEqual([
    `E_SPEC_PORT 3:41 members.a.client.port | ${message} | found ${port} | ${next}`,
  ]);
});

test("sshd may listen below 1024, but not at 0", () => {
  expect(said(three("ssh: {port: 22}\n"))).toEqual([]);
  expect(said(three("ssh: {port: 0}\n"))).toEqual([
    "E_SPEC_PORT 2:13 ssh.port | 0 is not a TCP port | found 0 | choose a free port from 1024 to 65535",
  ]);
});

test("one port for clients and for peers", () => {
  expect(said(member("client: {port: 2380}"))).toEqual([
    "E_SPEC_PORT 3:6 members.a.peer.port | a uses port 2380 for clients and for peers | found 2380 | choose another port for one of them",
  ]);
});

test("one port on two addresses of a machine is fine", () => {
  expect(
    said(member("client: {address: 10.9.0.1, port: 2380, listen: [10.9.0.1]}, peer: {address: 10.0.0.1}")),
  ).toEqual([]);
});

test("two local members on one port", () => {
  const text = three("hosts: local\n", "  a: {client: {port: 4000}}\n  b: {peer: {port: 4000}}\n  c:\n");
  expect(said(text)).toEqual([
    "E_SPEC_PORT 5:20 members.b.peer.port | a (client) and b (peer) both listen on port 4000 | found 4000 | choose another port for one of them",
  ]);
});

test.each([
  [
    "a host name",
    "https://host.example:2379",
    "has a host name where etcd wants an IP address to bind",
    "write the IP address, or 0.0.0.0 for all of the host's",
  ],
  [
    "a bare host name",
    "host.example",
    "has a host name where etcd wants an IP address to bind",
    "write the IP address, or 0.0.0.0 for all of the host's",
  ],
  [
    "http under TLS",
    "http://10.0.0.1:2379",
    "is plain http: etcd would ignore the certificates there",
    "write https://10.0.0.1:2379, or `tls: off`",
  ],
  [
    "another port",
    "https://10.0.0.1:4000",
    "has another port than the endpoint's, 2379",
    "write port 2379, or set `port`",
  ],
  ["no port", "https://10.0.0.1", "has another port than the endpoint's, 2379", "write port 2379, or set `port`"],
  [
    "a path",
    "https://10.0.0.1:2379/v3",
    "has a path, which etcd does not take",
    "write scheme, IP address and port, for example https://10.64.3.7:2379",
  ],
  [
    "a socket",
    "unix://etcd.sock",
    "is a socket; members are reached over the network",
    "write scheme, IP address and port, for example https://10.64.3.7:2379",
  ],
])("a listen URL with %s", (_, url, why, next) => {
  expect(said(member(`client: {listen: ['${url}']}`))).toEqual([
    `E_SPEC_URL 3:44 members.a.client.listen[0] | "${url}" ${why} | found "${url}" | ${next}`,
  ]);
});

test("https where the file turns TLS off", () => {
  const text = three("tls: off\n", `  a: {address: 10.0.0.1, client: {listen: ['https://10.0.0.1:2379']}}\n${rest}`);
  expect(said(text)).toEqual([
    'E_SPEC_URL 4:44 members.a.client.listen[0] | "https://10.0.0.1:2379" asks for TLS, which `tls: off` turns off | found "https://10.0.0.1:2379" | write http://10.0.0.1:2379, or remove `tls: off`',
  ]);
});

test("listening nowhere", () => {
  expect(said(member("peer: {listen: []}"))).toEqual([
    'E_SPEC_URL 3:41 members.a.peer.listen | "[]" etcd has to listen somewhere | found "[]" | write scheme, IP address and port, for example https://10.64.3.7:2379',
  ]);
});

const own = "write an absolute path of a folder that holds nothing else";
const inside = "name a folder inside it that is for etcd alone";

test.each([
  ["data", "etcd", "is relative: hosts have no current folder", "write the absolute path, for example /var/lib/etcd"],
  ["data", "~/etcd", "is in a home: which one depends on who asks", "write the absolute path"],
  ["data", "/", "is a folder of the operating system", inside],
  ["data", "/var/lib/", "is a folder of the operating system", inside],
  ["binaries", "/opt", "is a folder of the operating system", inside],
  ["certificates", "/etc/kubernetes", "is a folder of the operating system", inside],
  ["data", "/home/alice", "is a user's home", inside],
  ["data", "/root", "is a folder of the operating system", inside],
  ["wal", "/data/../wal", "is not plain: it has `.`, `..` or `//` in it", "write /wal"],
  ["state", "/srv//x", "is not plain: it has `.`, `..` or `//` in it", "write /srv/x"],
  ["data", "/srv/my etcd", "has a character that units and shells read as something else", own],
  ["data", "/srv/%i", "has a character that units and shells read as something else", own],
])("paths.%s cannot be %s", (key, path, why, next) => {
  expect(said(three(`paths:\n  ${key}: '${path}'\n`))).toEqual([
    `E_SPEC_PATH 3:${key.length + 5} paths.${key} | "${path}" ${why} | found "${path}" | ${next}`,
  ]);
});

test.each([
  [
    "wal inside data",
    "wal: /var/lib/etcd/wal",
    "3:8 paths.wal | paths.data (/var/lib/etcd) holds paths.wal (/var/lib/etcd/wal)",
    "/var/lib/etcd/wal",
  ],
  [
    "wal the parent of data",
    "data: /srv/wal/etcd\n  wal: /srv/wal",
    "4:8 paths.wal | paths.data (/srv/wal/etcd) is inside paths.wal (/srv/wal)",
    "/srv/wal",
  ],
  [
    "wal the same as data",
    "wal: /var/lib/etcd",
    "3:8 paths.wal | paths.data (/var/lib/etcd) is the same as paths.wal (/var/lib/etcd)",
    "/var/lib/etcd",
  ],
  [
    "data inside quorate's records",
    "data: /var/lib/quorate/demo/data",
    "3:9 paths.data | paths.data (/var/lib/quorate/demo/data) is inside paths.state (/var/lib/quorate/demo)",
    "/var/lib/quorate/demo/data",
  ],
])("%s", (_, lines, message, found) => {
  expect(said(three(`paths:\n  ${lines}\n`))).toEqual([
    `E_SPEC_PATH ${message} | found "${found}" | give each a folder of its own`,
  ]);
});

test("one member's own path is told at that member", () => {
  expect(said(member("paths: {data: /tmp}"))).toEqual([
    `E_SPEC_PATH 3:40 members.a.paths.data | "/tmp" is a folder of the operating system | found "/tmp" | ${inside}`,
  ]);
});

test("a unit file that is not called as the unit", () => {
  expect(said(three("paths: {unit: /etc/systemd/system/my.service}\n"))).toEqual([
    'E_SPEC_PATH 2:15 paths.unit | the unit file is not called etcd.service, as service.unit says | found "/etc/systemd/system/my.service" | name it etcd.service, or set service.unit',
  ]);
});

test("the operator's records cannot be a folder of the system", () => {
  expect(said(three("state: /var/lib\n"))).toEqual([
    'E_SPEC_PATH 2:8 state | "/var/lib" is a folder of the operating system | found "/var/lib" | name a folder of its own',
  ]);
});

test("the tutorial's folders are accepted, for etcd as root where only root may enter", () => {
  const places = "paths: {data: /var/lib/etcd, certificates: /etc/etcd/ssl, binaries: /root/local/bin}\n";
  const { paths } = read(three(`${places}service: {user: root}\n`)).members[0] ?? {};
  expect(said(three(places))).toEqual([
    'E_SPEC_PATH 2:69 paths.binaries | "/root/local/bin" is inside /root, which only root may enter, and etcd runs as etcd | found "/root/local/bin" | name another folder, or let etcd run as root with `service: { user: root }`',
  ]);
  expect(paths).toMatchObject({ data: "/var/lib/etcd", certificates: "/etc/etcd/ssl", binaries: "/root/local/bin" });
});

test("a folder of the operator's machine may have any name with local hosts", () => {
  const { paths } =
    read("name: demo\nhosts: local\nmembers: {a: , b: , c: }\n", { file: "/home/op/R & D/cluster.yaml" }).members[1] ??
    {};
  expect(paths?.data).toBe("/home/op/R & D/.quorate/demo/members/b/data");
});
