/** What cannot be adopted, or not without a word from the operator: one clear error each. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QuorateError, QuorateErrors } from "../../src/errors.js";
import { peerProfile } from "../../src/pki/profile.js";
import { etcdArguments } from "../../src/plan/etcd-arguments.js";
import { desk, type Desk, type How } from "./adopting.js";
import { processIn, unitFact, type ForeignHost } from "./foreign-world.js";
import { debian, etcdadm, kubeadmUnit, kubespray, tutorial } from "./layouts.js";

let on: Desk;
beforeAll(() => {
  on = desk();
});
afterAll(() => on.remove());

/** The codes and messages that `adopt` fails with. */
async function refusal(hosts: readonly ForeignHost[], how?: How): Promise<string[]> {
  const error: unknown = await on.adopt(hosts, how).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const problems = error instanceof QuorateErrors ? error.problems : [error];
  return problems.map((problem) => {
    if (!(problem instanceof QuorateError)) throw problem;
    return `${problem.code} ${problem.message}`;
  });
}

const built = (): ForeignHost[] => tutorial(on.certificates);
/** The tutorial's hosts, the process and the unit of one of them with other flags. */
const withFlags = (change: (words: readonly string[], index: number) => readonly string[]): ForeignHost[] =>
  built().map((host, index) => ({
    ...host,
    processes: host.processes.map((process) => ({ ...process, arguments: change(process.arguments, index) })),
  }));
const plus =
  (...more: string[]) =>
  (words: readonly string[], index: number): readonly string[] =>
    index === 1 ? [...words, ...more] : words;

describe("hosts", () => {
  test("without etcd", async () => {
    const hosts = built().map((host) => ({ ...host, processes: [], units: {} }));
    expect(await refusal(hosts)).toEqual(
      hosts.map(({ address }) => `E_ADOPT_NONE no etcd runs on ${address}, and there is no unit etcd`),
    );
  });

  test("with two, of which --unit names one", async () => {
    const hosts = built().map((host) => ({
      ...host,
      units: { ...host.units, events: unitFact("/etc/systemd/system/events.service") },
      processes: [...host.processes, processIn("events", ["etcd", "--name=events"])],
    }));
    expect((await refusal(hosts))[0]).toContain("E_ADOPT_SEVERAL 2 etcd run on 10.64.3.7");
    expect((await on.adopt(hosts, { unit: "etcd" })).members).toHaveLength(3);
  });

  test("that do not answer", async () => {
    expect(await refusal(built().slice(0, 2), { named: ["10.64.3.7", "10.9.9.9"] })).toEqual([
      "E_SSH_TIMEOUT 10.9.9.9 does not answer",
    ]);
  });

  test("whose commands do not run as root", async () => {
    expect((await refusal(built().map((host) => ({ ...host, root: false }))))[0]).toMatch(/^E_NOT_ROOT/);
  });

  test("whose etcd is stopped", async () => {
    const hosts = built().map((host, index) => (index === 1 ? { ...host, processes: [] } : host));
    expect(await refusal(hosts)).toEqual(["E_NOT_SERVING etcd does not run on 10.64.3.8"]);
  });
});

describe("members that were not named", () => {
  test("are looked at too, and told", async () => {
    const { members, told } = await on.adopt(built(), { named: ["10.64.3.8"] });
    expect(members.map(({ target }) => target.host)).toEqual(["10.64.3.8", "10.64.3.7", "10.66.3.86"]);
    expect(told).toEqual([
      "etcd1 is on the member list and was not named; looking at 10.64.3.7 too",
      "etcd3 is on the member list and was not named; looking at 10.66.3.86 too",
    ]);
  });

  test("and cannot be read, are in the way", async () => {
    const hosts = built();
    expect((await refusal(hosts.slice(0, 2), { known: hosts }))[0]).toMatch(
      /^E_ADOPT_INCOMPLETE the cluster has a member that could not be read: etcd3; E_SSH_TIMEOUT/,
    );
  });
});

describe("members that are not alike", () => {
  test("in a setting, are not made alike in silence", async () => {
    const hosts = withFlags(plus("--snapshot-count=5000"));
    const { problems } = await on.adopt(hosts);
    expect(problems).toMatchObject([
      { code: "E_ADOPT_DIFFERS", severity: "refuse", found: "etcd1: not given, etcd2: 5000, etcd3: not given" },
    ]);
  });

  test("in a setting, are described by the one that the operator names", async () => {
    const hosts = withFlags(plus("--snapshot-count=5000"));
    const { problems, spec } = await on.adopt(hosts, { settingsOf: "etcd2" });
    expect(problems).toMatchObject([{ code: "E_ADOPT_DIFFERS", severity: "warn" }]);
    expect(spec.etcd.settings).toEqual({ "snapshot-count": "5000" });
  });

  test("in a default that one of them writes out, are alike", async () => {
    const { problems, spec } = await on.adopt(withFlags(plus("--snapshot-count=100000", "--heartbeat-interval=100")));
    expect(problems).toEqual([]);
    expect(spec.etcd.settings).toEqual({});
  });

  test("in version, unit or user, are refused", async () => {
    const other = (change: Partial<ForeignHost>): ForeignHost[] =>
      built().map((host, index) => (index === 2 ? { ...host, ...change } : host));
    expect(await refusal(other({ version: "3.5.16" }))).toEqual([
      "E_ADOPT_DIFFERS the members have different versions of etcd",
    ]);
    const user = { units: { etcd: unitFact("/etc/systemd/system/etcd.service", { user: "etcd" }) } };
    expect(await refusal(other(user))).toEqual(["E_ADOPT_DIFFERS the members have different users that etcd runs as"]);
  });
});

describe("layouts that no file can say", () => {
  test.each([
    ["a relative data directory", ["--data-dir=default.etcd"], /E_ADOPT_LAYOUT etcd2 keeps its data/],
    ["certificates of etcd's own making", ["--auto-tls=true"], /E_ADOPT_LAYOUT etcd makes its certificates itself/],
    ["a write-ahead log beside the data", ["--wal-dir=/var/lib/wal"], /E_ADOPT_LAYOUT the write-ahead log of etcd2/],
    [
      "peers without TLS",
      ["--initial-advertise-peer-urls=http://10.64.3.8:2380"],
      /E_ADOPT_LAYOUT some of the cluster's URLs/,
    ],
    ["a quota without end", ["--quota-backend-bytes=-1"], /E_ADOPT_LAYOUT .*E_SPEC_QUOTA/],
  ])("%s", async (_, flags, expected) => {
    const everyone = (words: readonly string[]): readonly string[] => [...words, ...flags];
    const change = flags[0]?.startsWith("--quota") === true ? everyone : plus(...flags);
    expect((await refusal(withFlags(change))).join("\n")).toMatch(expected);
  });

  test("a write-ahead log on a disk of its own is said", async () => {
    const { spec } = await on.adopt(withFlags((words) => [...words, "--wal-dir=/srv/log/wal"]));
    expect(spec.members[0]?.paths.wal).toBe("/srv/log");
  });
});

describe("trust", () => {
  test("is needed for a cluster with TLS", async () => {
    expect((await refusal(built(), { trust: "none" }))[0]).toMatch(/^E_ADOPT_TRUST the cluster speaks TLS/);
  });

  test("of members with keys of their own takes the CA's key", async () => {
    const own = on.leaf("admin");
    const shared = readFileSync(on.leaf("member").cert, "utf8");
    const hosts = kubespray({ ...on.certificates, cert: shared });
    const trust = { cert: own.cert, key: own.key };
    expect((await refusal(hosts, { trust }))[0]).toMatch(/^E_ADOPT_TRUST the members have certificates of their own/);
    const { spec } = await on.adopt(hosts, { trust: { ...trust, caKey: "ca-key.pem" } });
    expect(spec.tls).toMatchObject({ anyPeer: true, given: undefined, givenClient: { cert: own.cert } });
  });

  test("of members that let in peers of one name alone keeps to that name", async () => {
    const hosts = withFlags((words) => [...words, "--peer-cert-allowed-cn=etcd"]);
    const { spec } = await on.adopt(hosts, { trust: { caKey: "ca-key.pem" } });
    expect(spec.tls).toMatchObject({ peerName: "etcd" });
    expect(spec.tls?.anyPeer).toBeUndefined();
    const own = { ...spec, tls: { ...spec.tls!, given: undefined } };
    const [member] = own.members;
    expect(peerProfile(own, member!).commonName).toBe("etcd");
    expect(etcdArguments(own, member!, "3.5.30")).toContain("--peer-cert-allowed-cn=etcd");
  });

  test.each([["--peer-cert-allowed-cn=etcd"], ["--peer-cert-allowed-hostname=etcd.example"]])(
    "of members that let in peers by %s here and not there is refused",
    async (flag) => {
      expect((await refusal(withFlags(plus(flag))))[0]).toMatch(/^E_ADOPT_(TRUST|DIFFERS) /);
    },
  );

  test("in another CA is told", async () => {
    const other = desk();
    const hosts = tutorial(other.certificates);
    expect((await refusal(hosts))[0]).toMatch(/^E_ADOPT_TRUST etcd1 trusts another CA for clients/);
    other.remove();
  });

  test.each([
    [{ cacert: undefined }, /--cert was given without --cacert/],
    [{ key: undefined }, /belong together/],
    [{ cacert: "none.pem" }, /E_TLS_FILE/],
    [{ cert: "ca-key.pem" }, /E_PEM/],
  ])("is judged as it is given: %j", async (trust, expected) => {
    expect((await refusal(built(), { trust }))[0]).toMatch(expected);
  });

  test("of certificates that may not be clients is audited, and mended with the CA's key", async () => {
    const weak = readFileSync(on.leaf("server-only", "serverAuth").cert, "utf8");
    const hosts = kubeadmUnit({ ...on.certificates, cert: weak });
    const { advice, spec } = await on.adopt(hosts, {
      trust: { cert: undefined, key: undefined, caKey: "ca-key.pem" },
    });
    const [wrong] = advice.filter(({ id }) => id === "certificates-wrong");
    expect(wrong).toMatchObject({
      severity: "critical",
      what: expect.stringContaining("client: it lacks the extended key usage clientAuth"),
    });
    expect(spec.tls?.given).toBeUndefined();
  });
});

test("plaintext is said in the file as such", async () => {
  const { spec, advice } = await on.adopt(debian(on.certificates), { trust: "none", scheme: "http" });
  expect(spec.tls).toBeUndefined();
  expect(advice[0]).toMatchObject({ id: "plaintext-clients", severity: "critical" });
});

test("a login or a port that only one host has stands at its member", async () => {
  const { spec } = await on.adopt(built(), { named: ["ops@10.64.3.7:2222", "10.64.3.8", "10.66.3.86"] });
  expect(spec.members.map(({ host }) => host)).toMatchObject([
    { host: "10.64.3.7", user: "ops", port: 2222, become: "sudo" },
    { host: "10.64.3.8", user: "root", port: undefined, become: "none" },
    { host: "10.66.3.86", user: "root" },
  ]);
});

test("etcdadm's cluster reads back as members that a plan can be made for", async () => {
  const how = { trust: { cert: undefined, key: undefined, caKey: "ca-key.pem" } };
  const { spec } = await on.adopt(etcdadm(on.certificates), how);
  expect(spec.members.map(({ name, client, peer }) => [name, client.url, peer.url])).toEqual([
    ["etcd1", "https://10.64.3.7:2379", "https://10.64.3.7:2380"],
    ["etcd2", "https://10.64.3.8:2379", "https://10.64.3.8:2380"],
    ["etcd3", "https://10.66.3.86:2379", "https://10.66.3.86:2380"],
  ]);
});
