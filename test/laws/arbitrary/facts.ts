import fc from "fast-check";
import { plannedClusterId } from "../../../src/observe/facts-of.js";
import type { Facts, MemberFacts, Tri } from "../../../src/observe/facts.js";
import { desiredOf } from "../../../src/plan/desired.js";
import { digestOf } from "../../../src/plan/digest.js";
import type { MemberSpec, Spec } from "../../../src/spec/spec.js";

const tri = fc.constantFrom<Tri>("yes", "no", "unknown");

/** Facts that no host need ever have shown: laws about steps hold for all of them. */
export function anyFacts(spec: Spec): fc.Arbitrary<Facts> {
  const members = Object.fromEntries(spec.members.map((member) => [member.name, anyMember(spec, member)]));
  return fc.record({ formed: fc.constantFrom("no", plannedClusterId(spec), "c0ffee"), members: fc.record(members) });
}

function anyMember(spec: Spec, member: MemberSpec): fc.Arbitrary<MemberFacts> {
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
  const known = fc.record<MemberFacts>({
    reach: fc.constant("yes"),
    arch: fc.constantFrom("amd64", "arm64"),
    user: fc.constantFrom("yes", "no"),
    directories,
    releases,
    trust: fc.constantFrom("none", "ok", "renewal-due", "wrong"),
    unit: fc.constantFrom("absent", digestOf(desired.unit.text), "0123456789abcdef"),
    enabled: fc.constantFrom("yes", "no"),
    process: fc.constantFrom("stopped", "up", "failed"),
    config: fc.constantFrom("", desired.config, "fedcba9876543210"),
    data: fc.constantFrom("absent", "ours", "foreign", "unknown"),
    mark: fc.constantFrom("yes", "no"),
    peer: fc.constantFrom("yes", "unknown"),
    serving: tri,
    leader: fc.boolean(),
    learner: fc.boolean(),
    listed: fc.constantFrom("started", "unstarted", "absent", "unknown"),
  });
  const away = fc
    .record({ serving: tri, leader: fc.boolean(), learner: fc.boolean() })
    .map((endpoint): MemberFacts => ({ ...unknown, ...endpoint }));
  return fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: away });
}

const unknown: MemberFacts = {
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
  serving: "unknown",
  leader: false,
  learner: false,
  listed: "unknown",
};
