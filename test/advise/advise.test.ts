import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advise, isPressing } from "../../src/advise/advise.js";
import type { AdvisedCluster, AdvisedMember } from "../../src/advise/input.js";
import { law } from "../laws/law.js";
import { soundCluster, soundMember, spoilt, withFlags, withStatus } from "./sound.js";

const told = (cluster: AdvisedCluster): string[] =>
  advise(cluster).map(({ severity, id, member }) => `${severity} ${id}${member === undefined ? "" : ` ${member}`}`);

const unit = soundMember("b").unit;
const withUnit = (change: Partial<NonNullable<AdvisedMember["unit"]>>): AdvisedCluster =>
  spoilt("b", unit === undefined ? {} : { unit: { ...unit, ...change } });
const inVersion = (version: string): string[] =>
  told(soundCluster(({ name }) => ({ ...soundMember(name, version), settings: undefined })));

/** All have 9000 entries, and one has applied so many of them. */
const lagging = (name: string, raftAppliedIndex: bigint): AdvisedCluster =>
  soundCluster((one) => ({
    ...one,
    status: one.status && {
      ...one.status,
      raftIndex: 9_000n,
      raftAppliedIndex: one.name === name ? raftAppliedIndex : 9_000n,
    },
  }));

it("a sound cluster gets no advice", () => {
  expect(advise(soundCluster())).toEqual([]);
  expect(isPressing([])).toBe(false);
});

describe("one thing wrong is one piece of advice", () => {
  it.each([
    ["alarm", spoilt("b", { alarms: ["NOSPACE"] }), ["critical alarm-nospace b"]],
    ["corrupt", spoilt("b", { alarms: ["CORRUPT"] }), ["critical alarm-corrupt b"]],
    ["quota at 81 %", withStatus("b", { dbSize: 1660n << 20n, dbSizeInUse: 1600n << 20n }), ["warn quota-near b"]],
    ["quota at 96 %", withStatus("b", { dbSize: 1970n << 20n, dbSizeInUse: 1900n << 20n }), ["critical quota-near b"]],
    ["half free", withStatus("b", { dbSize: 200n << 20n, dbSizeInUse: 100n << 20n }), ["warn fragmented b"]],
    ["half free, but small", withStatus("b", { dbSize: 90n << 20n, dbSizeInUse: 9n << 20n }), []],
    ["a third free", withStatus("b", { dbSize: 300n << 20n, dbSizeInUse: 200n << 20n }), []],
    [
      "high quota",
      soundCluster((one) => ({ ...one, settings: { ...one.settings, "quota-backend-bytes": String(9n << 30n) } })),
      ["warn quota-high"],
    ],
    [
      "a downgrade that was allowed and not done",
      soundCluster((one) => ({ ...one, status: one.status && { ...one.status, downgradeTarget: "3.5" } })),
      ["warn downgrade-open"],
    ],
    ["a learner", withStatus("b", { isLearner: true }), ["warn learner-left b"]],
    ["a lag", lagging("b", 900n), ["warn member-lags b"]],
    ["a lag of a few thousand entries", lagging("b", 4_000n), []],
    ["a lagging leader", lagging("a", 900n), ["warn leader-lags a"]],
    ["another cluster", withStatus("b", { clusterId: "ef" }), ["critical two-clusters"]],
    [
      "no leader",
      soundCluster((one) => ({ ...one, status: one.status && { ...one.status, leaderId: "0" } })),
      ["critical no-leader"],
    ],
    ["host away", spoilt("b", { hostAway: "timed out" }), ["warn host-away b"]],
    ["clock", spoilt("b", { clockSkew: -3_000 }), ["warn clock-off b"]],
    ["two on a machine", spoilt("b", { machineId: "machine-a" }), ["warn same-machine"]],
    [
      "certificates ending",
      spoilt("b", { trust: { state: "renewal-due", daysLeft: 20, reasons: [] } }),
      ["warn certificates-due b"],
    ],
    [
      "certificates about to end",
      spoilt("b", { trust: { state: "renewal-due", daysLeft: 3, reasons: [] } }),
      ["critical certificates-due b"],
    ],
    [
      "certificates ended",
      spoilt("b", { trust: { state: "wrong", daysLeft: -3, reasons: ["over"] } }),
      ["critical certificates-expired b"],
    ],
    [
      "certificates wrong",
      spoilt("b", { trust: { state: "wrong", daysLeft: 99, reasons: ["no name"] } }),
      ["critical certificates-wrong b"],
    ],
    [
      "an open key",
      spoilt("b", { files: [{ what: "private key", path: "/k", mode: "0644" }] }),
      ["critical key-open b"],
    ],
    [
      "a key for the group",
      spoilt("b", { files: [{ what: "private key", path: "/k", mode: "0640" }] }),
      ["warn key-open b"],
    ],
    ["open data", spoilt("b", { files: [{ what: "data folder", path: "/d", mode: "0750" }] }), ["warn data-open b"]],
    ["drift", spoilt("b", { asAsked: false }), ["warn runs-otherwise b"]],
    ["Restart=always", withUnit({ restart: "always" }), ["warn restarted-for-ever b"]],
    ["Restart=no", withUnit({ restart: "no" }), ["warn not-restarted b"]],
    ["Type=simple", withUnit({ type: "simple" }), ["note not-told-ready b"]],
    ["root", withUnit({ user: "root" }), ["warn runs-as-root b"]],
    ["not enabled", withUnit({ enabled: false }), ["warn not-enabled b"]],
    ["restarts", withUnit({ restarts: 7 }), ["warn keeps-failing b"]],
    ["few files", withUnit({ openFiles: 1024 }), ["note few-files b"]],
  ] satisfies [string, AdvisedCluster, string[]][])("%s", (_, cluster, expected) => {
    expect(told(cluster)).toEqual(expected);
  });
});

describe("settings of one member", () => {
  it.each([
    [{ "unsafe-no-fsync": "true" }, ["critical unsafe-no-fsync b", "warn settings-differ"]],
    [{ "force-new-cluster": "true" }, ["critical force-new-cluster b", "warn settings-differ"]],
    [{ "strict-reconfig-check": "false" }, ["warn reconfig-unchecked b", "warn settings-differ"]],
    [{ "feature-gates": "CompactHashCheck=true" }, ["warn corruption-unseen b", "warn settings-differ"]],
    [{ "auto-compaction-retention": "0" }, ["warn settings-differ", "note no-auto-compaction b"]],
    [{ "election-timeout": "2000" }, ["critical timing-differs"]],
    [{ "heartbeat-interval": "300" }, ["critical timing-differs", "critical timing-refused b"]],
    [{ "peer-cert-allowed-cn": undefined }, ["warn clients-open-peer-port b", "warn settings-differ"]],
    [{ "peer-trusted-ca-file": "/pki/peers.pem", "peer-cert-allowed-cn": undefined }, ["warn settings-differ"]],
    [{ "peer-auto-tls": "true" }, ["critical peer-auto-tls b", "warn settings-differ"]],
    [{ "client-cert-auth": "false" }, ["warn settings-differ", "note client-cert-auth-off-clients b"]],
    [
      { "trusted-ca-file": undefined, "client-cert-auth": undefined },
      ["critical no-certificate-asked-of-clients b", "warn settings-differ"],
    ],
    [{ "listen-client-urls": "http://10.0.0.1:2379" }, ["critical plaintext-clients b"]],
    [{ "listen-client-urls": "https://10.0.0.1:2379,http://127.0.0.1:2379" }, ["note plaintext-clients b"]],
    [{ "listen-peer-urls": "http://10.0.0.1:2380" }, ["critical plaintext-peers b"]],
    [{ "listen-metrics-urls": "http://10.0.0.1:9379" }, ["note metrics-open b"]],
    [{ "experimental-corrupt-check-time": "1h" }, ["warn settings-differ", "note spelling-ends b"]],
    [{ name: "other", "data-dir": "/elsewhere" }, []],
  ])("%j", (flags, expected) => {
    expect(told(withFlags("b", flags))).toEqual(expected);
  });

  it("that all have alike is told once, of the cluster", () => {
    const all = soundCluster((one) => ({ ...one, settings: { ...one.settings, "unsafe-no-fsync": "true" } }));
    expect(told(all)).toEqual(["critical unsafe-no-fsync"]);
  });

  it("an election timeout below ten round trips is short", () => {
    expect(told(spoilt("b", { peerRoundTrip: 150 }))).toEqual(["warn timing-short b"]);
  });

  it("the checks for corruption count in either spelling", () => {
    const flags = { "experimental-initial-corrupt-check": "true", "experimental-compact-hash-check-enabled": "true" };
    const settings = { ...soundMember("a").settings, "feature-gates": "", ...flags };
    const ids = advise(soundCluster((one) => ({ ...soundMember(one.name, "3.5.33"), settings }))).map(({ id }) => id);
    expect(ids).not.toContain("corruption-unseen");
  });
});

describe("members", () => {
  const silent: Partial<AdvisedMember> = { api: "silent", silence: "refused", status: undefined };

  it("that are down are grave when no further one may be lost", () => {
    expect(told(spoilt("b", silent))).toEqual(["critical member-down b"]);
    const five = soundCluster();
    const more = ["d", "e"].map((name) => soundMember(name));
    const listed = [
      ...(five.listed ?? []),
      ...more.map(({ name }) => ({ id: `1${name}`, name, isLearner: false, started: true })),
    ];
    const members = [...five.members.map((one) => (one.name === "b" ? { ...one, ...silent } : one)), ...more];
    expect(told({ ...five, members, listed })).toEqual(["warn member-down b"]);
  });

  it.each([
    [1, ["warn single-member"]],
    [2, ["warn even-size"]],
    [3, []],
    [4, ["warn even-size"]],
    [7, []],
    [9, ["warn many-voters"]],
  ])("%i of them", (count, expected) => {
    const names = [..."abcdefghi"].slice(0, count);
    const members = names.map((name) => soundMember(name));
    const listed = names.map((name) => ({ id: `1${name}`, name, isLearner: false, started: true }));
    expect(told({ ...soundCluster(), members, listed })).toEqual(expected);
  });

  it("that were added and never started, and that nobody knows, are named", () => {
    const { listed = [], ...cluster } = soundCluster();
    const more = [
      { id: "f00", name: "", isLearner: false, started: false },
      { id: "f01", name: "z", isLearner: true, started: true },
    ];
    expect(told({ ...cluster, listed: [...listed, ...more] })).toEqual([
      "critical unstarted-member f00",
      "warn even-size",
      "warn stranger z",
    ]);
  });
});

describe("versions", () => {
  it.each([
    ["3.7.1", []],
    ["3.6.16", []],
    ["3.5.33", []],
    ["3.5.30", ["warn watch-too-wide", "warn handshake-stall", "warn crl-bypass"]],
    ["3.6.4", ["critical first-3.6"]],
    ["3.5.2", ["critical data-inconsistency-3.5"]],
    ["3.4.23", ["warn line-3.4-ended", "warn stale-reads", "warn auth-bypass"]],
  ])("%s", (version, expected) => {
    const all = inVersion(version);
    expect(all.filter((one) => expected.includes(one))).toEqual(expected);
    if (expected.length === 0) expect(all).toEqual([]);
  });

  it("that are mixed are named, and which", () => {
    const mixed = advise(withStatus("b", { version: "3.7.1" }));
    expect(mixed.map(({ id, severity, what }) => `${severity} ${id}: ${what}`)).toEqual([
      "warn mixed-lines: members run 3.6.16, 3.7.1",
    ]);
  });
});

describe("laws of advice", () => {
  const anything = fc
    .record(
      {
        api: fc.constantFrom<AdvisedMember["api"]>("serving", "silent", "unknown"),
        alarms: fc.subarray(["NOSPACE", "CORRUPT", "UNKNOWN"]),
        asAsked: fc.boolean(),
        clockSkew: fc.integer({ min: -9_000, max: 9_000 }),
        hostAway: fc.constantFrom("away", undefined),
        peerRoundTrip: fc.nat(400),
      },
      { requiredKeys: ["api", "alarms"] },
    )
    .map((change): Partial<AdvisedMember> => change);

  it("the gravest comes first, and every piece says what, why, what to do and where that is written", () => {
    law(fc.tuple(anything, anything, anything), (changes) => {
      const names = ["a", "b", "c"];
      const all = advise(soundCluster((one) => ({ ...one, ...changes[names.indexOf(one.name)] })));
      const grades = all.map(({ severity }) => ["critical", "warn", "note"].indexOf(severity));
      expect(grades).toEqual([...grades].sort());
      for (const one of all) for (const words of [one.what, one.why, one.do, one.source]) expect(words).not.toBe("");
      expect(JSON.parse(JSON.stringify(all))).toEqual(all);
    });
  });

  it("what is unknown is not found fault with", () => {
    const blank = (name: string): AdvisedMember => ({ name, api: "serving", alarms: [], files: [] });
    expect(advise({ now: 0, listed: undefined, members: ["a", "b", "c"].map(blank) })).toEqual([]);
  });
});
