/**
 * etcd's own errors, by the names that its Go client gives them (api/v3rpc/rpctypes/error.go). The description is the
 * only thing on the wire that tells them apart: status codes are shared, and some changed between 3.5 and 3.6. It is
 * matched whole, as etcd's own client does.
 */
import type { EtcdError } from "./cluster.js";

const descriptions = {
  "key is not provided": "EmptyKey",
  "too many operations in txn request": "TooManyOps",
  "duplicate key given in txn request": "DuplicateKey",
  "mvcc: required revision has been compacted": "Compacted",
  "mvcc: required revision is a future revision": "FutureRev",
  "mvcc: database space exceeded": "NoSpace",
  "requested lease not found": "LeaseNotFound",
  "lease already exists": "LeaseExist",
  "too large lease TTL": "LeaseTTLTooLarge",
  "member ID already exist": "MemberExist",
  "Peer URLs already exists": "PeerURLExist",
  "re-configuration failed due to not enough started members": "MemberNotEnoughStarted",
  "given member URLs are invalid": "MemberBadURLs",
  "member not found": "MemberNotFound",
  "can only promote a learner member": "MemberNotLearner",
  "can only promote a learner member which is in sync with leader": "LearnerNotReady",
  "too many learner members in cluster": "TooManyLearners",
  "cluster ID mismatch": "ClusterIDMismatch",
  "request is too large": "RequestTooLarge",
  "too many requests": "TooManyRequests",
  "root user does not exist": "RootUserNotExist",
  "root user does not have root role": "RootRoleNotExist",
  "user name is empty": "UserEmpty",
  "user name already exists": "UserAlreadyExist",
  "user name not found": "UserNotFound",
  "role name already exists": "RoleAlreadyExist",
  "role name not found": "RoleNotFound",
  "authentication failed, invalid user ID or password": "AuthFailed",
  "permission denied": "PermissionDenied",
  "role is not granted to the user": "RoleNotGranted",
  "permission is not granted to the role": "PermissionNotGranted",
  "authentication is not enabled": "AuthNotEnabled",
  "invalid auth token": "InvalidAuthToken",
  "revision of auth store is old": "AuthOldRevision",
  "no leader": "NoLeader",
  "not leader": "NotLeader",
  "leader changed": "LeaderChanged",
  "not capable": "NotCapable",
  "server stopped": "Stopped",
  "request timed out": "Timeout",
  "request timed out, possibly due to previous leader failure": "TimeoutDueToLeaderFail",
  "request timed out, possibly due to connection lost": "TimeoutDueToConnectionLost",
  "request timed out, waiting for the applied index took too long": "TimeoutWaitAppliedIndex",
  "unhealthy cluster": "Unhealthy",
  "corrupt cluster": "Corrupt",
  "rpc not supported for learner": "NotSupportedForLearner",
  "bad leader transferee": "BadLeaderTransferee",
  "wrong downgrade target version format": "WrongDowngradeVersionFormat",
  "invalid downgrade target version": "InvalidDowngradeTargetVersion",
  "cluster version not found during downgrade": "ClusterVersionUnavailable",
  "cluster has a downgrade job in progress": "DowngradeInProcess",
  "no inflight downgrade job": "NoInflightDowngrade",
} as const;

export type EtcdErrorName = (typeof descriptions)[keyof typeof descriptions];

const names: ReadonlyMap<string, EtcdErrorName> = new Map(
  Object.entries(descriptions).map(([description, name]) => [`etcdserver: ${description}`, name]),
);

/** The name of an error that etcd itself answered with; undefined for every other. */
export function etcdErrorName(error: EtcdError): EtcdErrorName | undefined {
  return error.status === undefined ? undefined : names.get(error.message);
}
