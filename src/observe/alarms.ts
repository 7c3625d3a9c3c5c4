import type { MemberStatus } from "../etcd/cluster.js";

/**
 * Whether it is worth to ask for the alarms. To ask is a proposal, which is written to every disk and which reads wait
 * for; a status, which costs nothing, lists them as errors (server/etcdserver/api/v3rpc/maintenance.go).
 */
export const mentionsAlarm = ({ errors }: MemberStatus): boolean => errors.some((error) => /\balarm:/.test(error));
