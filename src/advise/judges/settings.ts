/** Settings that put data at risk, that differ between members, or that the next version will not take. */
import { gateOfFlag, readGates } from "../../spec/flags/gates.js";
import { compareVersions, isExactVersion } from "../../release/versions.js";
import { ofMembers, type Advice, type Judge } from "../advice.js";
import type { AdvisedCluster, AdvisedMember } from "../input.js";

type Settings = NonNullable<AdvisedMember["settings"]>;

/** Flag by flag, when it is "true". */
const dangerous: Readonly<Record<string, Omit<Advice, "member" | "what" | "id">>> = {
  "unsafe-no-fsync": {
    severity: "critical",
    why: "acknowledged writes are lost when the machine loses power, and members can differ afterwards",
    ...{ do: "remove it", source: "etcd --help; etcd-io/etcd#20967" },
  },
  "force-new-cluster": {
    severity: "critical",
    why: "its next start throws the other members out and can lose data",
    ...{ do: "remove it", source: "etcd.io/docs, op-guide/recovery" },
  },
  "enable-v2": {
    severity: "warn",
    why: "the v2 API ends with 3.5, and keys of it keep 3.6 from starting",
    ...{ do: "move its users to the v3 API, and remove it", source: "etcd.io/docs v3.6, upgrades/upgrade_3_6" },
  },
  "enable-pprof": {
    severity: "note",
    why: "profiles are served to every client, and taking one costs time",
    ...{ do: "remove it when nobody profiles", source: "etcd --help" },
  },
};

export const settings: Judge = (cluster) => [
  ...Object.entries(dangerous).flatMap(([flag, said]) =>
    ofMembers(cluster, ({ settings: own }) =>
      own?.[flag] === "true" ? { id: flag, what: `runs with ${flag}`, ...said } : undefined,
    ),
  ),
  ...ofMembers(cluster, ({ settings: own }) =>
    own?.["strict-reconfig-check"] === "false"
      ? {
          ...{ id: "reconfig-unchecked", severity: "warn", what: "runs with strict-reconfig-check off" },
          why: "a change of members that loses the quorum is no longer refused",
          ...{ do: "remove the setting", source: "etcd.io/docs, op-guide/runtime-configuration" },
        }
      : undefined,
  ),
  ...ofMembers(cluster, corruptionUnseen),
  ...ofMembers(cluster, ({ settings: own, status }) => {
    const stage = own?.["v2-deprecation"];
    const before36 =
      status !== undefined && isExactVersion(status.version) && compareVersions(status.version, "3.6.0") < 0;
    if (!before36 || (stage !== "write-only-drop-data" && stage !== "gone")) return undefined;
    return {
      ...{ id: "v2-data-dropped", severity: "warn", what: `runs with v2-deprecation: ${stage}` },
      why: "data of the v2 API is removed at the start, and there may be no way back to an older version",
      ...{ do: "remove the setting", source: "server/config/v2_deprecation.go" },
    };
  }),
  ...ofMembers(cluster, ({ settings: own = {}, status }) => {
    const old = Object.keys(own).filter((name) => name.startsWith("experimental-"));
    const on36 = status !== undefined && /^3\.6\./.test(status.version);
    if (!on36 || old.length === 0) return undefined;
    return {
      ...{ id: "spelling-ends", severity: "note", what: `is given ${old.sort().join(", ")}` },
      why: "3.7 does not start with such a flag, and ignores the variable",
      ...{
        do: "let quorate translate them, or write their new names",
        source: "etcd.io/docs v3.7, upgrades/upgrade_3_7",
      },
    };
  }),
  ...different(cluster),
];

function corruptionUnseen({ settings: own, status }: AdvisedMember): Omit<Advice, "member"> | undefined {
  if (own === undefined || status === undefined || !isExactVersion(status.version)) return undefined;
  const gates = Object.fromEntries(readGates(own["feature-gates"] ?? "").set);
  const isOn = (gate: string): boolean =>
    gates[gate] === "true" ||
    Object.entries(own).some(([flag, value]) => gateOfFlag(flag) === gate && value === "true");
  const wanted =
    compareVersions(status.version, "3.5.5") >= 0
      ? ["InitialCorruptCheck", "CompactHashCheck"]
      : ["InitialCorruptCheck"];
  const off = wanted.filter((gate) => !isOn(gate));
  if (off.length === 0) return undefined;
  return {
    ...{ id: "corruption-unseen", severity: "warn", what: `does not look for corrupt data: ${off.join(" and ")} off` },
    why: "members whose data differs go unnoticed until a client sees it; both checks are cheap",
    ...{ do: "switch them on, as quorate does by default", source: "etcd.io/docs, op-guide/data_corruption" },
  };
}

/** Flags that have to differ, or may without harm. */
const own =
  /^(name|data-dir|wal-dir|config-file|log-outputs|listen-.*|advertise-.*|initial-.*|.*-file|discovery.*|.*distributed-tracing-instance-id|heartbeat-interval|election-timeout)$/;

function different({ members }: AdvisedCluster): Advice[] {
  const known = members.flatMap(({ name, settings: each }) => (each === undefined ? [] : [{ name, each }]));
  const names = new Set(known.flatMap(({ each }) => Object.keys(each)).filter((name) => !own.test(name)));
  const values = (flag: string): string[] => known.map(({ each }: { each: Settings }) => each[flag] ?? "not given");
  const uneven = [...names].sort().filter((flag) => new Set(values(flag)).size > 1);
  if (uneven.length === 0) return [];
  const told = uneven.map(
    (flag) => `${flag} (${known.map(({ name }, index) => `${name}: ${values(flag)[index]}`).join(", ")})`,
  );
  return [
    {
      ...{
        id: "settings-differ",
        severity: "warn",
        what: `the members run with different settings: ${told.join("; ")}`,
      },
      why: "how the cluster behaves depends on which member leads, and on which one a client talks to",
      ...{ do: "give all members the same, member by member", source: "etcd.io/docs, op-guide/configuration" },
    },
  ];
}
