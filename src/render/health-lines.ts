/** Health in etcdctl's own words (etcdctl/ctlv3/command/printer_simple.go, 3.5 and newer), and what they leave out. */
import type { Health, MemberHealth } from "../observe/health.js";
import { goDuration } from "./duration.js";

export function healthLine({ url, healthy, tookMilliseconds, error }: MemberHealth): string {
  if (healthy) return `${url} is healthy: successfully committed proposal: took = ${goDuration(tookMilliseconds)}`;
  return `${url} is unhealthy: failed to commit proposal: ${error ?? ""}`;
}

/** One sentence on the whole: who leads, how many answer, what is odd. */
export function healthSummary({ members, leader, remarks }: Health): string[] {
  const healthy = members.filter((member) => member.healthy).length;
  const led = leader === undefined ? "" : `; ${leader} leads`;
  return [`${healthy} of ${members.length} members healthy${led}`, ...remarks];
}

/** With the names that etcdctl's JSON has, and more beside them. Numbers of 64 bits are strings. */
export function healthJson(cluster: string, health: Health): object {
  return {
    cluster,
    healthy: health.healthy,
    leader: health.leader ?? null,
    remarks: health.remarks,
    members: health.members.map(({ name, url, healthy, tookMilliseconds, error, alarms, status }) => ({
      member: name,
      endpoint: url,
      health: healthy,
      took: goDuration(tookMilliseconds),
      ...(error !== undefined && { error }),
      alarms: alarms.map(({ memberId, kind }) => ({ memberId, kind })),
      learner: status?.isLearner ?? null,
      memberId: status?.memberId ?? null,
      leaderId: status?.leaderId ?? null,
      raftTerm: status?.raftTerm.toString() ?? null,
    })),
  };
}
