/** A member's database as a stream. */
import { createHash } from "node:crypto";
import { EtcdError } from "../cluster.js";
import { MaintenanceDefinition, SnapshotRequest } from "../proto/rpc.js";
import type { CallOptions } from "../transport/call.js";
import { methodOf } from "../transport/method.js";
import { grpcStatus } from "../transport/status.js";
import type { Caller } from "./caller.js";

const snapshot = methodOf(MaintenanceDefinition, MaintenanceDefinition.methods.snapshot);
const digestBytes = 32;

/**
 * Every byte that etcd sends, in order. The last 32 are the SHA-256 of the others (v3rpc/maintenance.go); they are
 * passed on too, because `snapshot restore` wants them.
 */
export async function* snapshotOf(caller: Caller, call?: CallOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash("sha256");
  // What may turn out to be the digest is not hashed before more has come.
  let tail: Buffer = Buffer.alloc(0);
  for await (const { blob } of caller.serverStream(snapshot, SnapshotRequest.create(), call)) {
    if (blob.length === 0) continue;
    const split = Math.max(0, blob.length - digestBytes);
    if (split > 0) {
      hash.update(tail).update(blob.subarray(0, split));
      tail = Buffer.from(blob.subarray(split));
    } else {
      const joined = Buffer.concat([tail, blob]);
      const extra = Math.max(0, joined.length - digestBytes);
      hash.update(joined.subarray(0, extra));
      tail = joined.subarray(extra);
    }
    yield blob;
  }
  if (!hash.digest().equals(tail)) {
    throw new EtcdError("status", "the snapshot does not match its own checksum", grpcStatus.DATA_LOSS);
  }
}
