import fc from "fast-check";
import { plannedClusterId } from "../../../src/observe/facts-of.js";
import { silent, type Facts, type MemberFacts, type Tri } from "../../../src/observe/facts.js";
import { desiredOf } from "../../../src/plan/desired.js";
import { digestOf } from "../../../src/plan/digest.js";
import type { MemberSpec, Spec } from "../../../src/spec/spec.js";
import { versions } from "./spec.js";

const tri = fc.constantFrom<Tri>("yes", "no", "unknown");

/** Of which only the cluster's list knows. */
export const stranger = "x@10.64.3.99:2380";

/** Facts that no host need ever have shown: laws about steps hold for all of them. */
export function anyFacts(spec: Spec): fc.Arbitrary<Facts> {
  const wanted = spec.members.map((member) => [member.name, anyMember(spec, member, "wanted")] as const);
  const former = spec.former.map((member) => [member.name, anyMember(spec, member, "former")] as const);
  return fc
    .record({
      formed: fc.constantFrom("no", plannedClusterId(spec), "c0ffee"),
      alarms: fc.subarray(["NOSPACE a"]),
      downgrade: fc.constantFrom("", "3.4", "3.5"),
      saved: fc.subarray(["before-3.4.23-to-3.5.30"]),
      members: fc.record(Object.fromEntries([...wanted, ...former])),
      stranger: fc.option(anyStranger, { freq: 4 }),
    })
    .map(({ stranger: other, ...facts }) =>
      other === null ? facts : { ...facts, members: { ...facts.members, [stranger]: other } },
    );
}

/** What a member's API and the cluster's list say. */
const anyEndpoint = (peerUrl: string): fc.Arbitrary<EndpointFacts> =>
  fc.oneof(serving, quiet).chain((endpoint) => anyEntry(peerUrl).map((entry) => ({ ...endpoint, ...entry })));

type EndpointFacts = Pick<
  MemberFacts,
  "serving" | "version" | "storage" | "caughtUp" | "leader" | "learner" | "listed" | "listedAt"
>;

const serving = fc.record({
  serving: fc.constant("yes" as const),
  version: fc.constantFrom(...versions),
  storage: fc.constantFrom("", "3.5", "3.6"),
  caughtUp: fc.constantFrom<Tri>("yes", "no"),
  leader: fc.boolean(),
});

const quiet = fc.record({
  serving: tri.filter((value) => value !== "yes"),
  version: fc.constant(""),
  storage: fc.constant(""),
  caughtUp: tri.filter((value) => value !== "yes"),
  leader: fc.constant(false),
});

/** Only one that is on the list has a place on it, or leads. */
function anyEntry(
  peerUrl: string,
): fc.Arbitrary<Partial<EndpointFacts> & Pick<EndpointFacts, "listed" | "listedAt" | "learner">> {
  const known = fc.record({
    listed: fc.constantFrom("started" as const, "unstarted" as const),
    listedAt: fc.constantFrom(peerUrl, "https://10.64.3.77:2380"),
    learner: fc.boolean(),
  });
  return fc.oneof(
    { weight: 4, arbitrary: known },
    {
      weight: 1,
      arbitrary: fc.constant({ listed: "absent" as const, listedAt: "", learner: false, leader: false }),
    },
    { weight: 1, arbitrary: fc.constant({ listed: "unknown" as const, listedAt: "", learner: false }) },
  );
}

function anyMember(spec: Spec, member: MemberSpec, place: MemberFacts["place"]): fc.Arbitrary<MemberFacts> {
  const version = spec.etcd.version ?? "";
  const desired = desiredOf(spec, member, version, "amd64");
  const folders = fc.subarray(
    desired.directories.map(({ path, mode, owner, group }) => [path, `${mode} ${owner}:${group}`] as const),
  );
  const directories = fc
    .tuple(
      folders,
      fc.subarray(
        desired.directories.map(({ path }) => [path, "0777 root:root"] as const),
        { maxLength: 1 },
      ),
    )
    .map((parts) => Object.fromEntries(parts.flat()));
  const releases = fc.constantFrom<MemberFacts["releases"]>(
    {},
    { [version]: "sealed" },
    { [version]: "damaged" },
    { [version]: "sealed", "3.3.1": "sealed" },
  );
  const onHost = fc.record({
    reach: fc.constant("yes" as const),
    arch: fc.constantFrom("amd64", "arm64"),
    user: fc.constantFrom<Tri>("yes", "no"),
    directories,
    releases,
    trust: fc.constantFrom<MemberFacts["trust"]>("none", "ok", "renewal-due", "wrong"),
    list: fc.option(fc.constantFrom<NonNullable<MemberFacts["list"]>>("current", "former", "stale", "foreign"), {
      nil: undefined,
    }),
    unit: fc.constantFrom("absent", digestOf(desired.unit.text), "0123456789abcdef"),
    enabled: fc.constantFrom<Tri>("yes", "no"),
    process: fc.constantFrom<MemberFacts["process"]>("stopped", "up", "failed"),
    config: fc.constantFrom("", desired.config, "fedcba9876543210"),
    adopted: fc.option(fc.constant({ unit: "0123456789abcdef", config: desired.config }), { nil: undefined, freq: 5 }),
    data: fc.constantFrom<MemberFacts["data"]>("absent", "ours", "foreign", "unknown"),
    mark: fc.constantFrom<Tri>("yes", "no"),
    peer: fc.constantFrom<Tri>("yes", "unknown"),
  });
  const endpoint = anyEndpoint(member.peer.url);
  const known = fc.tuple(onHost, endpoint).map(([host, api]): MemberFacts => ({ place, ...host, ...api }));
  const away = endpoint.map((api): MemberFacts => ({ ...unknown, place, ...api }));
  return fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: away });
}

const anyStranger: fc.Arbitrary<MemberFacts> = anyEndpoint("https://10.64.3.99:2380")
  .filter(({ listed }) => listed === "started" || listed === "unstarted")
  .map((api) => ({ ...unknown, place: "stranger", ...api }));

const unknown: MemberFacts = {
  place: "wanted",
  reach: "no",
  arch: "",
  user: "unknown",
  directories: {},
  releases: {},
  trust: "unknown",
  unit: "unknown",
  enabled: "unknown",
  process: "unknown",
  config: "",
  data: "unknown",
  mark: "unknown",
  peer: "unknown",
  ...silent,
  learner: false,
  listed: "unknown",
  listedAt: "",
};
