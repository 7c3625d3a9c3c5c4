/** The cluster as a whole: its size, its version, its members' machines, the settings that put data at risk. */
import { judgeVersion } from "../../release/policy.js";
import { lineOf, compareVersions } from "../../release/versions.js";
import { nameOf, valueOf } from "../found.js";
import { entryOf, listingOf } from "../roster.js";
import { where, type Finding, type Judge } from "./finding.js";

/** Milliseconds beyond which leases and logs become hard to read. */
const clockTolerance = 1_000;

const dangerous: Readonly<Record<string, string>> = {
  "force-new-cluster": "any restart throws the other members out and can lose data",
  "unsafe-no-fsync": "acknowledged writes are lost when the machine loses power",
  "peer-skip-client-san-verification": "any holder of a certificate can join from anywhere",
  "experimental-peer-skip-client-san-verification": "any holder of a certificate can join from anywhere",
};

export const whole: Judge = ({ members, spec }) => {
  const count = members.length;
  const version = members[0]?.status.version ?? "";
  const say = (rule: string, severity: Finding["severity"], says: string, next?: string): Finding => ({
    ...{ rule, severity, members: [], says },
    ...(next !== undefined && { next }),
  });
  const machines = new Set(members.map(({ machine }) => machine.id));
  return [
    ...judgeVersion(version).reasons.map(({ text, source }) =>
      say(
        "version",
        judgeVersion(version).verdict === "refused" ? "danger" : "risk",
        `etcd ${version}: ${text} (${source})`,
        "upgrade: write another `etcd.version`",
      ),
    ),
    ...(count === 1 ? [say("single", "danger", "one member: when it fails, all fails", "add two members")] : []),
    ...(count > 1 && count % 2 === 0
      ? [
          say(
            "even",
            "risk",
            `${count} members survive no more losses than ${count - 1} would`,
            "add one or remove one",
          ),
        ]
      : []),
    ...(count > 7
      ? [say("many", "risk", `${count} members: every write waits for ${Math.floor(count / 2) + 1} of them`)]
      : []),
    ...(machines.size < count
      ? [say("same-machine", "danger", "two members live on the same machine", "move one of them")]
      : []),
    ...where(members, (member) => entryOf(member).isLearner, {
      rule: "learner",
      severity: "risk",
      says: "is a learner and has no vote",
      next: "promote it or remove it",
    }),
    ...where(members, ({ clockSkew }) => Math.abs(clockSkew) > clockTolerance, {
      rule: "clock",
      severity: "risk",
      says: "its clock differs from this machine's by more than a second",
      next: "set the clocks, for example with chrony",
    }),
    ...Object.entries(dangerous).flatMap(([flag, why]) =>
      where(members, ({ flags }) => valueOf(flags, flag) === "true", {
        rule: flag,
        severity: "danger",
        says: `runs with --${flag}: ${why}; the first change takes it away`,
      }),
    ),
    ...(spec.token === "etcd-cluster"
      ? [say("token", "note", "the cluster has etcd's default token: one restored beside it could be taken for it")]
      : []),
    ...(corruptionUnseen(members[0]?.flags, version)
      ? [
          say(
            "corruption-unseen",
            "risk",
            "nothing looks for corrupt data; the first change turns etcd's own checks on",
          ),
        ]
      : []),
    ...members
      .filter((member) => entryOf(member).name !== nameOf(member))
      .map((member) => ({ ...say("name", "note", `is listed as ${entryOf(member).name}`), members: [nameOf(member)] })),
    ...(listingOf(members).members.length === count
      ? []
      : [say("strangers", "danger", "the member list has members that were not read")]),
  ];
};

function corruptionUnseen(flags: Parameters<typeof valueOf>[0] = {}, version: string): boolean {
  if (valueOf(flags, "experimental-initial-corrupt-check") === "true") return false;
  const gates = valueOf(flags, "feature-gates") ?? "";
  return !(compareVersions(lineOf(version) + ".0", "3.6.0") >= 0 && /InitialCorruptCheck=true/.test(gates));
}
