/** Leases: keys that vanish when nobody keeps them alive. */
import { EtcdError } from "../cluster.js";
import {
  LeaseDefinition,
  LeaseGrantRequest,
  LeaseKeepAliveRequest,
  LeaseLeasesRequest,
  LeaseRevokeRequest,
  LeaseTimeToLiveRequest,
  type LeaseGrantResponse,
  type LeaseKeepAliveResponse,
  type LeaseLeasesResponse,
  type LeaseRevokeResponse,
  type LeaseTimeToLiveResponse,
} from "../proto/rpc.js";
import type { CallOptions } from "../transport/call.js";
import { methodOf } from "../transport/method.js";
import { grpcStatus } from "../transport/status.js";
import type { Caller } from "./caller.js";

/** TTLs are in seconds, as etcd has them. Every call rejects with EtcdError. */
export interface Lease {
  /** etcd may grant a longer TTL than asked for. @param id 0 or none: etcd chooses. */
  grant(ttl: bigint, id?: bigint, call?: CallOptions): Promise<LeaseGrantResponse>;
  /** Deletes the lease and its keys. */
  revoke(id: bigint, call?: CallOptions): Promise<LeaseRevokeResponse>;
  /** TTL -1: no such lease. */
  timeToLive(id: bigint, options?: { readonly keys?: boolean }, call?: CallOptions): Promise<LeaseTimeToLiveResponse>;
  leases(call?: CallOptions): Promise<LeaseLeasesResponse>;
  /** @throws EtcdError with status NOT_FOUND when the lease is gone. */
  keepAliveOnce(id: bigint, call?: CallOptions): Promise<LeaseKeepAliveResponse>;
}

const { methods } = LeaseDefinition;
const grant = methodOf(LeaseDefinition, methods.leaseGrant);
const revoke = methodOf(LeaseDefinition, methods.leaseRevoke);
const timeToLive = methodOf(LeaseDefinition, methods.leaseTimeToLive);
const leases = methodOf(LeaseDefinition, methods.leaseLeases);
const keepAlive = methodOf(LeaseDefinition, methods.leaseKeepAlive);

/** @param deadline milliseconds for a keep-alive that names none. */
export function leaseOf(caller: Caller, deadline: number): Lease {
  return {
    grant: (TTL, ID = 0n, call) => caller.unary(grant, LeaseGrantRequest.create({ TTL, ID }), call),
    revoke: (ID, call) => caller.unary(revoke, LeaseRevokeRequest.create({ ID }), call),
    timeToLive: (ID, options, call) =>
      caller.unary(timeToLive, LeaseTimeToLiveRequest.create({ ID, keys: options?.keys ?? false }), call),
    leases: (call) => caller.unary(leases, LeaseLeasesRequest.create(), call),
    async keepAliveOnce(ID, call) {
      const stream = await caller.bidi(keepAlive, { deadline, ...call });
      await stream.send(LeaseKeepAliveRequest.create({ ID }));
      await stream.end();
      let last: LeaseKeepAliveResponse | undefined;
      for await (const response of stream.responses()) last = response;
      // A lease that is gone is answered with TTL 0 instead of an error.
      if (last !== undefined && last.TTL > 0n) return last;
      throw new EtcdError("status", "etcdserver: requested lease not found", grpcStatus.NOT_FOUND);
    },
  };
}
