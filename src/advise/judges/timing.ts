/** Heartbeats, elections and clocks. */
import { ofMembers, type Advice, type Judge } from "../advice.js";
import type { AdvisedMember } from "../input.js";

const tuning = "etcd.io/docs, tuning";
const defaults = { heartbeat: 100, election: 1000 };
/** Milliseconds beyond which leases and logs become hard to read. */
const clockTolerance = 1_000;

function timesOf({ settings }: AdvisedMember): { heartbeat: number; election: number } | undefined {
  if (settings === undefined) return undefined;
  return {
    heartbeat: Number(settings["heartbeat-interval"] ?? defaults.heartbeat),
    election: Number(settings["election-timeout"] ?? defaults.election),
  };
}

export const timing: Judge = (cluster) => {
  const told = cluster.members.flatMap((member) => {
    const times = timesOf(member);
    return times === undefined ? [] : [{ name: member.name, ...times }];
  });
  const uneven = new Set(told.map(({ heartbeat, election }) => `${heartbeat}/${election}`)).size > 1;
  const differ: Advice[] = uneven
    ? [
        {
          ...{ id: "timing-differs", severity: "critical" },
          what: `heartbeat and election timeout differ: ${told.map(({ name, heartbeat, election }) => `${name} ${heartbeat} ms and ${election} ms`).join(", ")}`,
          why: "the most impatient member calls elections that nobody needs",
          ...{ do: "give every member the same", source: tuning },
        },
      ]
    : [];
  return [
    ...differ,
    ...ofMembers(cluster, (member) => {
      const times = timesOf(member);
      if (times === undefined || (times.election >= 5 * times.heartbeat && times.election <= 50_000)) return undefined;
      return {
        ...{
          id: "timing-refused",
          severity: "critical",
          what: `election timeout ${times.election} ms, heartbeat ${times.heartbeat} ms`,
        },
        why: "etcd does not start with an election timeout below five heartbeats or above 50 seconds",
        ...{ do: "make the election timeout ten times the heartbeat", source: tuning },
      };
    }),
    ...ofMembers(cluster, (member) => {
      const times = timesOf(member);
      const trip = member.peerRoundTrip;
      if (times === undefined || trip === undefined || times.election >= 10 * trip) return undefined;
      return {
        ...{
          id: "timing-short",
          severity: "warn",
          what: `election timeout ${times.election} ms, round trip ${Math.round(trip)} ms`,
        },
        why: "with less than ten round trips an ordinary delay is taken for a dead leader",
        ...{ do: "raise election-timeout and heartbeat-interval on every member", source: tuning },
      };
    }),
    ...ofMembers(cluster, ({ clockSkew }) =>
      clockSkew === undefined || Math.abs(clockSkew) <= clockTolerance
        ? undefined
        : {
            ...{
              id: "clock-off",
              severity: "warn",
              what: `its clock is ${Math.round(Math.abs(clockSkew) / 1000)} s ${clockSkew > 0 ? "ahead" : "behind"}`,
            },
            why: "certificates are taken for too young or too old, and logs cannot be compared",
            ...{ do: "set the clocks, for example with chrony", source: "etcd.io/docs, op-guide/hardware" },
          },
    ),
  ];
};
