/** Whether a write that failed may have been carried out all the same. */
import type { EtcdError } from "./cluster.js";
import { etcdErrorName } from "./error-names.js";
import { grpcStatus } from "./transport/status.js";

/** With these etcd refuses before it writes anything. */
const refusals: ReadonlySet<number> = new Set([
  grpcStatus.INVALID_ARGUMENT,
  grpcStatus.NOT_FOUND,
  grpcStatus.PERMISSION_DENIED,
  grpcStatus.FAILED_PRECONDITION,
  grpcStatus.OUT_OF_RANGE,
  grpcStatus.UNIMPLEMENTED,
  grpcStatus.UNAUTHENTICATED,
]);

/**
 * False only when it is certain that nothing of the write was applied. A timeout, a lost connection or a change of
 * leader leave it open; so does NoSpace, because the member that first runs out of space has written already when it
 * says so (server/etcdserver/apply, quotaApplierV3).
 */
export function mayBeApplied(error: EtcdError): boolean {
  if (!error.sent || etcdErrorName(error) === "TooManyRequests") return false;
  return error.status === undefined || !refusals.has(error.status);
}
