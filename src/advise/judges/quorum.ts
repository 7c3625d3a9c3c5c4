/** Members: how many, which of them serve, whom they follow, and how far behind they are. */
import { quorumOf } from "../../observe/quorum.js";
import { ofMembers, type Advice, type Judge } from "../advice.js";
import type { AdvisedCluster } from "../input.js";

const faq = "etcd.io/docs, faq";
const health = "etcd.io/docs, op-guide/monitoring";
/** Entries; under load a few hundred are usual. */
const lagTolerated = 5_000n;

export const quorumAndMembers: Judge = (cluster) => [
  ...size(cluster),
  ...ofMembers(cluster, ({ api }) =>
    api === "unknown"
      ? {
          ...{ id: "not-asked", severity: "warn", what: "could not be asked how it is" },
          why: "there is no client certificate here yet, so most of what could be wrong is unknown",
          ...{ do: "create the cluster with `quorate up`, or bring the operator's records here", source: "quorate" },
        }
      : undefined,
  ),
  ...absent(cluster),
  ...ofMembers(cluster, ({ api, silence }) =>
    api === "unknown" && silence !== undefined
      ? {
          ...{ id: "not-told", severity: "warn", what: `does not say how it is: ${silence}` },
          why: "authentication is on, and later versions tell alarms, sizes and who leads to the role root alone",
          ...{ do: "look with a certificate whose user has the role root", source: "tried on etcd 3.4.23 and 3.5.30" },
        }
      : undefined,
  ),
  ...agreement(cluster),
  ...ofMembers(cluster, ({ status }) =>
    status?.isLearner === true
      ? {
          ...{ id: "learner-left", severity: "warn", what: "is a learner and has no vote" },
          why: "a learner adds no tolerance, and there can be no second one beside it",
          ...{ do: "promote it once it has caught up, or remove it", source: "etcd.io/docs, learning/design-learner" },
        }
      : undefined,
  ),
  ...lag(cluster),
];

/** Voters by the member list, or else by what is known. */
const votersOf = ({ listed, members }: AdvisedCluster): number =>
  listed?.filter(({ isLearner }) => !isLearner).length ??
  members.filter(({ status }) => status?.isLearner !== true).length;

function size(cluster: AdvisedCluster): Advice[] {
  const voters = votersOf(cluster);
  const tolerated = voters - quorumOf(voters);
  if (voters === 1)
    return [
      {
        ...{ id: "single-member", severity: "warn", what: "the cluster has one voter" },
        why: "when it fails, everything fails, and its disk is the only copy",
        ...{ do: "add two members", source: faq },
      },
    ];
  if (voters % 2 === 0 && voters > 0)
    return [
      {
        ...{ id: "even-size", severity: "warn", what: `the cluster has ${voters} voters` },
        why: `it survives the loss of ${tolerated}, as one of ${voters - 1} does, with one more that can fail`,
        ...{ do: "add a member or remove one", source: faq },
      },
    ];
  if (voters <= 7) return [];
  return [
    {
      ...{ id: "many-voters", severity: "warn", what: `the cluster has ${voters} voters` },
      why: `every write waits for ${quorumOf(voters)} of them`,
      ...{ do: "remove members until seven are left", source: faq },
    },
  ];
}

function absent(cluster: AdvisedCluster): Advice[] {
  const { members, listed } = cluster;
  const voters = votersOf(cluster);
  const serving = members.filter(({ api, status }) => api === "serving" && status?.isLearner !== true).length;
  const unasked = members.filter(({ api }) => api === "unknown").length;
  const spare = serving + unasked - quorumOf(voters);
  const state = `${serving} of ${voters} voters serve, ${quorumOf(voters)} are needed`;
  const down = members.flatMap(({ name, api, silence, hostAway }): Advice[] => {
    if (api !== "silent") return [];
    const why =
      spare < 0 ? `${state}: there is no quorum` : spare === 0 ? `${state}: one more loss stops all writes` : state;
    const what = [`does not serve`, silence, hostAway].filter((part) => part !== undefined).join("; ");
    const aid = "see `quorate status`, then `quorate up`; replace it if its host is gone for good";
    return [
      {
        id: "member-down",
        severity: spare <= 0 ? "critical" : "warn",
        member: name,
        what,
        why,
        do: aid,
        source: health,
      },
    ];
  });
  const away = members.flatMap(({ name, api, hostAway }): Advice[] =>
    hostAway === undefined || api === "silent"
      ? []
      : [
          {
            ...{
              id: "host-away",
              severity: "warn",
              member: name,
              what: `its host could not be looked at: ${hostAway}`,
            },
            why: "a member that cannot be reached over SSH can neither be mended nor changed",
            ...{ do: "make the host reachable again", source: "quorate" },
          },
        ],
  );
  const unstarted = (listed ?? []).flatMap(({ id, name, started, isLearner }): Advice[] =>
    started
      ? []
      : [
          {
            ...{ id: "unstarted-member", severity: isLearner ? "warn" : "critical", member: name || id },
            what: "is on the member list and was never started",
            why: isLearner
              ? "it takes the place of the only learner"
              : "it counts as a voter, so the quorum is larger than it looks",
            ...{ do: "start it, or remove it", source: "etcd.io/docs, op-guide/runtime-configuration" },
          },
        ],
  );
  const known = new Set(members.flatMap(({ name, status }) => [name, status?.memberId]));
  const strangers = (listed ?? []).flatMap(({ id, name, started }): Advice[] =>
    !started || known.has(name) || known.has(id)
      ? []
      : [
          {
            ...{
              id: "stranger",
              severity: "warn",
              member: name || id,
              what: "is on the member list and nobody looks after it",
            },
            why: "it votes, and is neither watched nor changed with the others",
            ...{ do: "add it to the cluster file, or remove it from the cluster", source: "quorate" },
          },
        ],
  );
  return [...down, ...away, ...unstarted, ...strangers];
}

function agreement({ members }: AdvisedCluster): Advice[] {
  const told = members.flatMap(({ name, status }) => (status === undefined ? [] : [{ name, ...status }]));
  const words = (of: (one: (typeof told)[number]) => string): string =>
    told.map((one) => `${one.name} ${of(one)}`).join(", ");
  const clusters = new Set(told.map(({ clusterId }) => clusterId));
  const leaders = new Set(told.map(({ leaderId }) => leaderId));
  if (clusters.size > 1)
    return [
      {
        ...{ id: "two-clusters", severity: "critical" },
        what: `the members belong to different clusters: ${words(({ clusterId }) => clusterId)}`,
        why: "clients that are pointed at all of them read and write different data",
        ...{
          do: "find out which cluster holds the data, and empty the others' members",
          source: "etcd.io/docs, op-guide/failures",
        },
      },
    ];
  if (told.length > 0 && (leaders.size > 1 || leaders.has("0")))
    return [
      {
        ...{ id: "no-leader", severity: "critical" },
        what:
          leaders.size > 1
            ? `the members follow different leaders: ${words(({ leaderId }) => leaderId)}`
            : "there is no leader",
        why: "nothing is written, and reads that must be current fail",
        ...{ do: "look whether the members reach each other's peer ports; look again in some seconds", source: health },
      },
    ];
  return [];
}

function lag(cluster: AdvisedCluster): Advice[] {
  const newest = cluster.members.reduce(
    (most, { status }) => (status && status.raftIndex > most ? status.raftIndex : most),
    0n,
  );
  return ofMembers(cluster, ({ status }) => {
    const behind = status === undefined ? 0n : newest - status.raftAppliedIndex;
    if (behind <= lagTolerated) return undefined;
    const leads = status?.leaderId === status?.memberId;
    return {
      ...{
        id: leads ? "leader-lags" : "member-lags",
        severity: "warn",
        what: `is ${behind} entries behind in applying`,
      },
      why: leads
        ? "every client waits for the leader to apply"
        : "its reads are late, and it is no help when the others fail",
      ...{ do: "look at its disk and processor; a rolling change waits for it", source: "etcd.io/docs, faq" },
    };
  });
}
