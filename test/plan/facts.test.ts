/** Observation → facts: what is not known is never taken for absent. */
import { describe, expect, it } from "vitest";
import type { DataFact, HostObservation } from "../../src/host/host.js";
import { EtcdError } from "../../src/etcd/cluster.js";
import { memberIdOf } from "../../src/etcd/identity.js";
import { equal, type Facts, type MemberFacts } from "../../src/observe/facts.js";
import { factsOf, plannedClusterId } from "../../src/observe/facts-of.js";
import { readMark } from "../../src/observe/mark.js";
import type { Observation } from "../../src/observe/observation.js";
import { quorum, quorumOf, sayQuorum } from "../../src/observe/quorum.js";
import { survey, type Survey } from "../../src/survey.js";
import { attempt } from "../../src/testing/attempt.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";

const spec = sampleSpec();

async function formedSurvey(): Promise<{ readonly world: FakeWorld; readonly looked: Survey }> {
  const world = new FakeWorld(spec);
  await attempt(world);
  return { world, looked: await survey(spec, world.session()) };
}

const facts = (seen: Observation): Facts => factsOf(spec, seen, ["3.5.30"], undefined);

function withHost(
  seen: Observation,
  name: string,
  change: (host: Extract<HostObservation, { reach: "reachable" }>) => Partial<HostObservation>,
): Observation {
  const host = seen.hosts[name];
  if (host?.reach !== "reachable") throw new Error(`${name} was not seen`);
  return { ...seen, hosts: { ...seen.hosts, [name]: { ...host, ...change(host) } as HostObservation } };
}

const silent = (seen: Observation): Observation => ({
  ...seen,
  etcd: Object.fromEntries(
    Object.keys(seen.etcd).map((name) => [name, { state: "silent" as const, why: "refused", kind: "refused" }]),
  ),
});

describe("facts", () => {
  it("of a host that does not answer are unknown, every one", async () => {
    const { world } = await formedSurvey();
    world.machine("b").powerOff();
    const { seen } = await survey(spec, world.session());
    expect(facts(seen).members["b"]).toMatchObject({
      reach: "no",
      user: "unknown",
      data: "unknown",
      process: "unknown",
      mark: "unknown",
      trust: "unknown",
    });
  });

  it("tell an API that was not asked from one that is silent", async () => {
    const world = new FakeWorld(spec);
    const { seen } = await survey(spec, world.session());
    expect(facts(seen).members["a"]?.serving).toBe("unknown");
    await world.operator.authority.client();
    expect(facts((await survey(spec, world.session())).seen).members["a"]?.serving).toBe("no");
  });

  it("take a member for started when it has published its client URLs, whatever its name", async () => {
    const { looked } = await formedSurvey();
    const a = looked.seen.etcd["a"];
    if (a?.state !== "serving" || a.listing === undefined) throw new Error("a serves");
    const members = a.listing.members.map((member) => (member.name === "c" ? { ...member, clientUrls: [] } : member));
    const etcd = { ...silent(looked.seen).etcd, a: { ...a, listing: { ...a.listing, members } } };
    const listed = Object.values(facts({ ...looked.seen, etcd }).members).map((member) => member.listed);
    expect(listed).toEqual(["started", "started", "unstarted"]);
    const without = { ...a.listing, members: members.slice(0, 2) };
    expect(facts({ ...looked.seen, etcd: { ...etcd, a: { ...a, listing: without } } }).members["c"]?.listed).toBe(
      "absent",
    );
  });

  it.each<[DataFact, boolean, MemberFacts["data"]]>([
    [{ kind: "absent" }, false, "absent"],
    [{ kind: "empty" }, false, "absent"],
    [{ kind: "foreign", found: ["member"] }, false, "foreign"],
    [{ kind: "foreign", found: ["member"] }, true, "unknown"],
    [
      {
        kind: "member",
        clusterId: plannedClusterId(spec),
        memberId: memberIdOf(["https://10.64.3.7:2380"], "tutorial"),
      },
      false,
      "ours",
    ],
    [{ kind: "member", clusterId: plannedClusterId(spec), memberId: "1" }, true, "ours"],
    [{ kind: "member", clusterId: plannedClusterId(spec), memberId: "1" }, false, "foreign"],
    [{ kind: "member", clusterId: "c0ffee", memberId: "1" }, false, "foreign"],
    [{ kind: "member", clusterId: "c0ffee", memberId: "1" }, true, "foreign"],
  ])("call data %j, while it runs: %s, %s", async (data, running, expected) => {
    const { looked } = await formedSurvey();
    const seen = withHost(looked.seen, "a", ({ service }) => ({
      data,
      service: { ...service, state: running ? "running" : "stopped" },
    }));
    expect(facts(seen).members["a"]?.data).toBe(expected);
  });

  it("take data that no list speaks against for the member's own", async () => {
    const { looked } = await formedSurvey();
    const data = { kind: "member", clusterId: plannedClusterId(spec), memberId: "1" } as const;
    const seen = withHost(looked.seen, "a", ({ service }) => ({ data, service: { ...service, state: "stopped" } }));
    expect(facts(silent(seen)).members["a"]?.data).toBe("ours");
  });

  it("know of a cluster from its members first, then from the operator's records, then from notes on hosts", async () => {
    const { looked } = await formedSurvey();
    const id = plannedClusterId(spec);
    const records = { clusterId: "ec0d", at: "" };
    expect(factsOf(spec, looked.seen, [], records).formed).toBe(id);
    expect(factsOf(spec, silent(looked.seen), [], records).formed).toBe("ec0d");
    expect(factsOf(spec, silent(looked.seen), [], undefined).formed).toBe(id);
    const bare = ["a", "b", "c"].reduce(
      (seen, name) => withHost(seen, name, () => ({ mark: undefined })),
      silent(looked.seen),
    );
    expect(factsOf(spec, bare, [], undefined).formed).toBe("no");
  });

  it("do not believe members that disagree about their cluster", async () => {
    const { looked } = await formedSurvey();
    const b = looked.seen.etcd["b"];
    if (b?.state !== "serving") throw new Error("b serves");
    const seen = {
      ...looked.seen,
      etcd: { ...looked.seen.etcd, b: { ...b, status: { ...b.status, clusterId: "c0ffee" } } },
    };
    expect(factsOf(spec, seen, [], { clusterId: "ec0d", at: "" }).formed).toBe("ec0d");
  });

  it("call keys that others may read wrong, and half a set too", async () => {
    const { looked } = await formedSurvey();
    const key = "/etc/etcd/certificates/tutorial/live/server-key.pem";
    const open = withHost(
      looked.seen,
      "a",
      ({ stats }) => ({ stats: { ...stats, [key]: { ...stats[key], mode: "0640" } } }) as Partial<HostObservation>,
    );
    expect(facts(open).members["a"]?.trust).toBe("wrong");
    const half = withHost(looked.seen, "a", ({ stats }) => ({
      stats: Object.fromEntries(Object.entries(stats).filter(([path]) => path !== key)),
    }));
    expect(facts(half).members["a"]?.trust).toBe("wrong");
  });

  it("survive a silent API without calling anybody dead", async () => {
    const { looked } = await formedSurvey();
    const member = facts(silent(looked.seen)).members["a"];
    expect([member?.process, member?.serving, member?.listed, member?.leader]).toEqual(["up", "no", "unknown", false]);
  });
});

describe("a mark", () => {
  it.each([[undefined], [""], ["{"], ["null"], ["[]"], ['{"clusterId":7}'], ['{"member":"a"}']])(
    "that cannot be read says nothing: %s",
    (text) => {
      expect(readMark(text)).toBeUndefined();
    },
  );

  it("says which cluster the member was part of", () => {
    expect(readMark('{"member":"a","clusterId":"abc"}\n')).toEqual({ clusterId: "abc" });
  });
});

describe("the arithmetic of safety", () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [6, 4],
    [7, 4],
  ])("%i voters need %i", (voters, needed) => {
    expect(quorumOf(voters)).toBe(needed);
  });

  it("counts processes, also of hosts that only the network can see, and no learners", async () => {
    const { looked } = await formedSurvey();
    const all = facts(looked.seen);
    const change = (name: string, member: Partial<MemberFacts>, from: Facts): Facts => ({
      ...from,
      members: { ...from.members, [name]: { ...from.members[name], ...member } as MemberFacts },
    });
    expect(quorum(all)).toEqual({ voters: 3, needed: 2, live: 3, spare: 1 });
    expect(quorum(change("a", { process: "unknown" }, all)).live).toBe(3);
    expect(quorum(change("a", { process: "unknown", serving: "no" }, all)).live).toBe(2);
    expect(quorum(change("a", { learner: true }, all))).toEqual({ voters: 2, needed: 2, live: 2, spare: 0 });
    expect(sayQuorum({ voters: 3, needed: 2, live: 1, spare: -1 })).toBe("1 of 3 voters run, 2 needed");
    expect(sayQuorum({ voters: 5, needed: 3, live: 5, spare: 2 })).toBe("5 of 5 voters run, 3 needed, 2 to spare");
  });
});

describe("equality of facts", () => {
  it("is that of JSON", () => {
    expect(equal({ a: 1, b: [1, { c: undefined }] }, { b: [1, {}], a: 1 })).toBe(true);
    expect(equal({ a: undefined }, {})).toBe(true);
    expect(equal([], {})).toBe(false);
    expect(equal([1], [1, undefined])).toBe(false);
    expect(equal(null, {})).toBe(false);
    expect(equal({ a: null }, {})).toBe(false);
  });
});

describe("looking", () => {
  it("takes an error of etcd's for what was seen, and an error of ours for a bug", async () => {
    const { world } = await formedSurvey();
    const session = world.session();
    const broken = {
      ...session,
      cluster: {
        ...session.cluster,
        member: () => ({ ...session.cluster.member(""), status: () => Promise.reject(new TypeError("ours")) }),
      },
    };
    await expect(survey(spec, broken)).rejects.toThrow("ours");
    const refusing = {
      ...session,
      cluster: {
        ...session.cluster,
        member: () => ({
          ...session.cluster.member(""),
          status: () => Promise.reject(new EtcdError("tls", "bad certificate")),
        }),
      },
    };
    expect((await survey(spec, refusing)).seen.etcd["a"]).toEqual({
      state: "silent",
      why: "bad certificate",
      kind: "tls",
    });
  });
});
