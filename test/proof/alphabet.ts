/** Every state that one member can be found in, as facts. */
import { digestOf } from "../../src/plan/digest.js";
import { desiredOf } from "../../src/plan/desired.js";
import type { MemberFacts } from "../../src/observe/facts.js";
import type { MemberSpec, Spec } from "../../src/spec/spec.js";

/** One step of the line below is one hop. */
export const line = ["3.4.37", "3.5.30", "3.6.14", "3.7.1"] as const;

export interface Sketch {
  /** The process runs; "hung": it runs and answers nobody. */
  readonly runs: "yes" | "hung" | "no";
  readonly caughtUp?: boolean;
  readonly failed?: boolean;
  readonly away?: boolean;
  readonly learner?: boolean;
  readonly data?: "absent" | "foreign";
  readonly markless?: boolean;
  readonly listed?: "unstarted" | "absent";
  /** Hops from what the others run. */
  readonly hop?: -1 | 1;
  readonly unit?: "drifted";
  readonly config?: "old";
  readonly trust?: "wrong";
  readonly bare?: boolean;
}

/** Members of a running cluster. */
export const memberStates = {
  level: { runs: "yes" },
  lagging: { runs: "yes", caughtUp: false },
  hung: { runs: "hung" },
  stopped: { runs: "no" },
  failed: { runs: "no", failed: true },
  "disk lost": { runs: "no", data: "absent" },
  "disk and mark lost": { runs: "no", data: "absent", markless: true },
  "foreign data": { runs: "no", data: "foreign" },
  learner: { runs: "yes", learner: true },
  "slow learner": { runs: "yes", learner: true, caughtUp: false },
  announced: { runs: "no", learner: true, data: "absent", markless: true, listed: "unstarted" },
  "cut off, serving": { runs: "yes", away: true },
  "cut off, dead": { runs: "no", away: true },
  "a hop behind": { runs: "yes", hop: -1 },
  "a hop ahead": { runs: "yes", hop: 1 },
  "other file": { runs: "yes", unit: "drifted" },
  "other configuration": { runs: "yes", config: "old" },
  "other trust": { runs: "yes", trust: "wrong" },
  removed: { runs: "no", data: "foreign", listed: "absent" },
} satisfies Record<string, Sketch>;

/** Hosts of members that the cluster does not know. */
export const hostStates = {
  bare: { runs: "no", data: "absent", markless: true, listed: "absent", bare: true },
  prepared: { runs: "no", data: "absent", markless: true, listed: "absent" },
  away: { runs: "no", data: "absent", markless: true, listed: "absent", away: true },
} satisfies Record<string, Sketch>;

export type State = keyof typeof memberStates | keyof typeof hostStates;

export const sketches: Readonly<Record<State, Sketch>> = { ...memberStates, ...hostStates };

export const unseen = {
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
} as const satisfies Partial<MemberFacts>;

interface Cast {
  readonly place: MemberFacts["place"];
  /** What the cluster was made from, before the file was changed. */
  readonly before: Spec;
  readonly member: MemberSpec;
  /** Index in the line of versions of what most members run. */
  readonly base: number;
}

export function factsOfState(sketch: Sketch, { place, before, member, base }: Cast): MemberFacts {
  const version = line[base + (sketch.hop ?? 0)] ?? line[base] ?? "";
  const desired = desiredOf(before, member, version, "amd64");
  const serves = sketch.runs === "yes";
  const listed: MemberFacts["listed"] = sketch.listed ?? "started";
  const list = { listed, listedAt: listed === "absent" ? "" : member.peer.url, learner: sketch.learner ?? false };
  const api = {
    peer: serves ? "yes" : "unknown",
    serving: serves ? "yes" : "no",
    version: serves ? version : "",
    storage: "",
    caughtUp: serves && sketch.caughtUp !== false ? "yes" : "no",
    leader: false,
  } as const;
  if (sketch.away === true || place === "stranger") return { place, reach: "no", ...unseen, ...api, ...list };
  const bare = sketch.bare === true;
  const folders = desired.directories.map(({ path, mode, owner, group }) => [path, `${mode} ${owner}:${group}`]);
  return {
    place,
    reach: "yes",
    arch: "amd64",
    user: bare ? "no" : "yes",
    directories: bare ? {} : (Object.fromEntries(folders) as Record<string, string>),
    releases: bare ? {} : { [version]: "sealed" },
    trust: bare ? "none" : (sketch.trust ?? "ok"),
    unit: bare ? "absent" : sketch.unit === "drifted" ? "0123456789abcdef" : digestOf(desired.unit.text),
    enabled: bare ? "no" : "yes",
    process: sketch.runs === "no" ? (sketch.failed === true ? "failed" : "stopped") : "up",
    config: sketch.runs === "no" ? "" : sketch.config === "old" ? "fedcba9876543210" : desired.config,
    data: sketch.data ?? "ours",
    mark: sketch.markless === true ? "no" : "yes",
    ...api,
    ...list,
  };
}
