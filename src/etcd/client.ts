/** etcd's whole API at one endpoint, typed. 64-bit numbers are bigint. Every call is made once. */
import { authOf, type Auth } from "./client/auth.js";
import type { Bytes } from "./client/bytes.js";
import { Caller, type UserCredentials } from "./client/caller.js";
import { kvOf, type Kv } from "./client/kv.js";
import { leaseOf, type Lease } from "./client/lease.js";
import { maintenanceOf, type Maintenance } from "./client/maintenance.js";
import { membershipOf, type Membership } from "./client/membership.js";
import { watch, type WatchBatch, type WatchOptions } from "./client/watch.js";
import { Connection, type ConnectionOptions } from "./transport/connection.js";
import { nodeHttp2 } from "./transport/node-http2.js";

export { prefixEnd, type Bytes } from "./client/bytes.js";
export { compare, op, type Comparison } from "./client/txn.js";
export { CompactedError, type WatchBatch, type WatchOptions } from "./client/watch.js";
export { etcdErrorName, type EtcdErrorName } from "./error-names.js";
export { mayBeApplied } from "./may-be-applied.js";
export { AlarmType } from "./proto/rpc.js";
export type { Auth, Kv, Lease, Maintenance, Membership, UserCredentials };
export type { CallOptions } from "./transport/call.js";
export type { TlsMaterial } from "./transport/dial.js";

export interface ClientOptions extends ConnectionOptions {
  /** Log in with a password; without, etcd knows a user only by the client certificate's CN. */
  readonly user?: UserCredentials;
  /** Milliseconds for calls that name no deadline; 5000 unless told. */
  readonly deadline?: number;
}

export interface EtcdClient {
  readonly url: string;
  readonly kv: Kv;
  readonly cluster: Membership;
  readonly maintenance: Maintenance;
  readonly auth: Auth;
  readonly lease: Lease;
  /** Ends with `options.signal`, with the loop, or with an error; see watch.ts. */
  watch(key: Bytes, options?: WatchOptions): AsyncGenerator<WatchBatch, void, undefined>;
  /** Open calls fail. */
  close(): Promise<void>;
}

/** Connects at the first call. @throws TypeError when url is not an http or https URL. */
export function openClient(url: string, options: ClientOptions): EtcdClient {
  const deadline = options.deadline ?? 5000;
  const connection = new Connection(url, options, nodeHttp2);
  const caller = new Caller(connection, options.user, deadline);
  return {
    url,
    kv: kvOf(caller),
    cluster: membershipOf(caller),
    maintenance: maintenanceOf(caller),
    auth: authOf(caller),
    lease: leaseOf(caller, deadline),
    watch: (key, watchOptions) => watch(caller, key, watchOptions),
    close: () => connection.close(),
  };
}
