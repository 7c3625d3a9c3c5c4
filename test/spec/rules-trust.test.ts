import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { QuorateErrors } from "../../src/errors.js";
import { parseSpec } from "../../src/spec/load.js";
import { machine } from "./arbitraries.js";
import { problemsOf, read, three, told, type Given } from "./reading.js";

const said = (tls: string, given: Given = machine): string[] => told(problemsOf(three(`tls: ${tls}\n`), given));
const correct = "correct the named line";

test.each([
  [
    "{validity: {leaf: 20y}}",
    "2:24 tls.validity.leaf | certificates would outlive their CA: 7300 days against 3650 | found 7300 days | write at most 3650d for `leaf`, or more for `ca`",
  ],
  [
    "{validity: {ca: 30d}}",
    "2:22 tls.validity.ca | certificates would outlive their CA: 365 days against 30 | found 365 days | write at most 30d for `leaf`, or more for `ca`",
  ],
  [
    "{validity: {leaf: 12h}}",
    `2:24 tls.validity.leaf | certificates are valid for whole days, at least one | found "12h" | ${correct}`,
  ],
  [
    "{validity: {ca: 101y}}",
    `2:22 tls.validity.ca | certificates are valid for at most 100 years | found "101y" | ${correct}`,
  ],
  ["{renew-at: 0.0}", `2:17 tls.renew-at | renew-at has to lie between 0 and 1 | found 0 | ${correct}`],
  ["{subject: {C: Japan}}", `2:20 tls.subject.C | a country has two letters | found "Japan" | ${correct}`],
  [
    "{ca: {cert: ca.pem}}",
    "2:11 tls.ca | the CA is given without its key, so no certificate can be issued | found ca | add `key`, or give the certificates too",
  ],
  [
    "{client: {cert: c.pem, key: k.pem}}",
    "2:15 tls.client | a client pair is given without the CA that signed it | found client | add `tls.ca.cert`",
  ],
  [
    "{certificates: {cert: c.pem, key: k.pem}}",
    "2:21 tls.certificates | certificates are given without the CA that signed them | found certificates | add `tls.ca.cert`",
  ],
  [
    "{ca: {cert: ca.pem}, certificates: {cert: c.pem, key: k.pem}, keys: host}",
    "2:74 tls.keys | keys cannot be made on the hosts when certificates are given | found ca, certificates, keys | remove `keys` or `certificates`",
  ],
])("tls: %s", (tls, expected) => {
  expect(said(tls)).toEqual([`E_SPEC_TLS ${expected}`]);
});

const pairs = (names: string): string =>
  [...names].map((name) => `${name}: {cert: ${name}.pem, key: ${name}-key.pem}`).join(", ");

test("a member without a given certificate, and no CA key to issue one with", () => {
  expect(said(`{ca: {cert: ca.pem}, client: {cert: x.pem, key: y.pem}, certificates: {${pairs("ab")}}}`)).toEqual([
    "E_SPEC_TLS 2:76 tls.certificates | no certificate is given for c | found ca, client, certificates | add a pair for each, or the CA's key",
  ]);
  expect(said(`{ca: {cert: ca.pem, key: ca-key.pem}, certificates: {${pairs("ab")}}}`)).toEqual([]);
});

test("a certificate for somebody who is no member", () => {
  expect(said(`{ca: {cert: ca.pem, key: ca-key.pem}, certificates: {${pairs("abcd")}}}`)).toEqual([
    expect.stringMatching(
      /^E_SPEC_TLS 2:\d+ tls\.certificates\.d \| there is no member "d" \| found ca, certificates \| known members: a, b, c$/,
    ),
  ]);
});

test("given certificates and nobody to be for quorate itself", () => {
  expect(said(`{ca: {cert: ca.pem}, certificates: {${pairs("abc")}}}`)).toEqual([
    "E_SPEC_TLS 2:41 tls.certificates | quorate itself has no client certificate and cannot issue one | found ca, certificates | add `tls.client`, or the CA's key",
  ]);
});

test("the tutorial's shared pair serves every member, and quorate and etcdctl too", () => {
  const spec = read(
    three(
      "tls: {ca: {cert: /etc/kubernetes/ssl/ca.pem}, certificates: {cert: /etc/etcd/ssl/etcd.pem, key: /etc/etcd/ssl/etcd-key.pem}}\n",
    ),
    machine,
  );
  const pair = { cert: "/etc/etcd/ssl/etcd.pem", key: "/etc/etcd/ssl/etcd-key.pem" };
  expect(spec.tls).toMatchObject({
    ca: { kind: "given", cert: "/etc/kubernetes/ssl/ca.pem", key: undefined },
    given: { a: pair, b: pair, c: pair },
    givenClient: pair,
  });
});

test("times of validity become days, shares become numbers", () => {
  expect(read(three("tls: {validity: {ca: 876000h, leaf: 52w}, renew-at: 25%}\n")).tls).toMatchObject({
    caDays: 36_500,
    leafDays: 364,
    renewAt: 0.25,
  });
});

const given = (inspect: Given["inspect"]): Given => (inspect === undefined ? {} : { inspect });
const ca = "{ca: {cert: pki/ca.pem, key: /ca-key.pem}}";

test.each<[string, Given["inspect"], string]>([
  [
    "is missing",
    () => ({ kind: "missing" }),
    'there is no /srv/op/pki/ca.pem (relative paths start in the cluster file\'s folder) | found "pki/ca.pem" | correct the path',
  ],
  [
    "cannot be read",
    () => ({ kind: "unreadable", why: "EACCES" }),
    '/srv/op/pki/ca.pem cannot be read (EACCES) | found "pki/ca.pem" | let the user op read it',
  ],
  [
    "is a folder",
    () => ({ kind: "folder", worldWritable: false }),
    '/srv/op/pki/ca.pem is a folder | found "pki/ca.pem" | name the file in it',
  ],
  [
    "can be changed by everybody",
    () => ({ kind: "file", worldWritable: true }),
    'everybody may change /srv/op/pki/ca.pem | found "pki/ca.pem" | run `chmod o-w /srv/op/pki/ca.pem` once you have made sure that nobody has',
  ],
])("a file that %s", (_, inspect, expected) => {
  expect(said(ca, given(inspect))[0]).toBe(`E_SPEC_REFERENCE 2:18 tls.ca.cert | ${expected}`);
});

test("every file that is named is looked at, and relative paths start at the cluster file", () => {
  const seen: string[] = [];
  const text = `name: demo
ssh: {identity: ~/.ssh/id}
tls: {ca: {cert: ca.pem, key: ../ca-key.pem}, client: {cert: /c.pem, key: /c-key.pem}, certificates: {a: {cert: a.pem, key: a-key.pem}}}
release: {from: etcd.tar.gz}
members:
  a: {address: 10.0.0.1, ssh: {identity: id-a}}
  b: 10.0.0.2
  c: 10.0.0.3
`;
  problemsOf(text, { inspect: (path) => (seen.push(path), { kind: "file", worldWritable: false }) });
  expect(seen).toEqual([
    "/home/op/.ssh/id",
    "/srv/op/id-a",
    "/srv/op/ca.pem",
    "/srv/ca-key.pem",
    "/srv/op/a.pem",
    "/srv/op/a-key.pem",
    "/c.pem",
    "/c-key.pem",
    "/srv/op/etcd.tar.gz",
  ]);
});

test("files of a real machine are judged as they are", () => {
  const folder = mkdtempSync(join(tmpdir(), "quorate-spec-"));
  try {
    mkdirSync(join(folder, "folder"));
    for (const [name, mode] of [
      ["fine", 0o600],
      ["open", 0o666],
    ] as const) {
      writeFileSync(join(folder, name), "x");
      chmodSync(join(folder, name), mode);
    }
    const judged = (name: string): string[] => {
      try {
        parseSpec(three(`ssh: {identity: ${name}}\n`), { file: join(folder, "cluster.yaml") });
      } catch (error) {
        if (error instanceof QuorateErrors) return error.problems.map((problem) => problem.message);
        throw error;
      }
      return [];
    };
    expect(judged("fine")).toEqual([]);
    expect(judged("none")).toEqual([`there is no ${folder}/none (relative paths start in the cluster file's folder)`]);
    expect(judged("open")).toEqual([`everybody may change ${folder}/open`]);
    expect(judged("folder")).toEqual([`${folder}/folder is a folder`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const release = (fields: string): string[] => told(problemsOf(three(`release: ${fields}\n`), machine));

test.each([
  ["{sources: []}", 'E_SPEC 2:20 release.sources | no source is left | found "[]" | leave `sources` out, or name one'],
  [
    "{sources: [given]}",
    'E_SPEC_MISSING 2:21 release.sources[0] | the source `given` needs `release.from` | found "given" | add `from: …`',
  ],
  [
    "{sources: [cache, cache]}",
    'E_SPEC_DUPLICATE 2:28 release.sources[1] | the source cache stands twice | found "cache" | remove one',
  ],
  [
    "{sources: [cache], from: x}",
    'E_SPEC 2:35 release.from | `from` is not used: `sources` does not list `given` | found "x" | add `given` to `sources`',
  ],
  [
    "{sources: [offical]}",
    'E_SPEC 2:21 release.sources[0] | sources cannot be "offical" | found "offical" | did you mean `official`?',
  ],
  [
    "{mirror: ftp://x}",
    'E_SPEC_URL 2:19 release.mirror | "ftp://x" is not an http or https URL | found "ftp://x" | write a base URL such as https://mirror.example/etcd',
  ],
  [
    "{suites: [Trixie/main]}",
    'E_SPEC_NAME 2:20 release.suites[0] | "Trixie/main" is not the name of a suite | found "Trixie/main" | write a name such as trixie',
  ],
])("release: %s", (fields, expected) => {
  expect(release(fields)).toEqual([expected]);
});

test("a given folder or archive is tried first", () => {
  expect(read(three("release: {from: ./etcd}\n"), machine).release).toMatchObject({
    sources: ["given", "cache", "official", "distribution", "build"],
    given: "/srv/op/etcd",
  });
});

test.each([
  [
    "{cluster-cidr: 172.30.0.0/33}",
    'E_SPEC 2:27 consumers.cluster-cidr | "172.30.0.0/33" is not an address range | found "172.30.0.0/33"',
  ],
  [
    "{service-cidr: 300.0.0.0/8}",
    'E_SPEC 2:27 consumers.service-cidr | "300.0.0.0/8" is not an address range | found "300.0.0.0/8"',
  ],
  ["{flannel-prefix: kube}", 'E_SPEC 2:29 consumers.flannel-prefix | "kube" is not a key prefix | found "kube"'],
])("consumers: %s", (fields, expected) => {
  expect(told(problemsOf(three(`consumers: ${fields}\n`)))).toEqual([
    `${expected} | correct the named line; docs/reference/cluster-file.md lists every field`,
  ]);
});
