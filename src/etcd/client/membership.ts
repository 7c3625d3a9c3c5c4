/** Members of the cluster. IDs are bigint here, exact. */
import {
  ClusterDefinition,
  MemberAddRequest,
  MemberListRequest,
  MemberPromoteRequest,
  MemberRemoveRequest,
  MemberUpdateRequest,
  type MemberAddResponse,
  type MemberListResponse,
  type MemberPromoteResponse,
  type MemberRemoveResponse,
  type MemberUpdateResponse,
} from "../proto/rpc.js";
import type { CallOptions } from "../transport/call.js";
import { methodOf } from "../transport/method.js";
import type { Caller } from "./caller.js";

/** Every call rejects with EtcdError; see etcdErrorName for why etcd refuses a change. */
export interface Membership {
  /** Linearizable unless told otherwise; 3.4 always answers from the asked member's own knowledge. */
  list(options?: { readonly linearizable?: boolean }, call?: CallOptions): Promise<MemberListResponse>;
  /** A voter: it counts for the quorum at once. */
  add(peerUrls: readonly string[], call?: CallOptions): Promise<MemberAddResponse>;
  addLearner(peerUrls: readonly string[], call?: CallOptions): Promise<MemberAddResponse>;
  promote(id: bigint, call?: CallOptions): Promise<MemberPromoteResponse>;
  remove(id: bigint, call?: CallOptions): Promise<MemberRemoveResponse>;
  update(id: bigint, peerUrls: readonly string[], call?: CallOptions): Promise<MemberUpdateResponse>;
}

const { methods } = ClusterDefinition;
const list = methodOf(ClusterDefinition, methods.memberList);
const add = methodOf(ClusterDefinition, methods.memberAdd);
const promote = methodOf(ClusterDefinition, methods.memberPromote);
const remove = methodOf(ClusterDefinition, methods.memberRemove);
const update = methodOf(ClusterDefinition, methods.memberUpdate);

export function membershipOf(caller: Caller): Membership {
  const addAs = (isLearner: boolean) => (peerUrls: readonly string[], call?: CallOptions) =>
    caller.unary(add, MemberAddRequest.create({ peerURLs: [...peerUrls], isLearner }), call);
  return {
    list: (options, call) =>
      caller.unary(list, MemberListRequest.create({ linearizable: options?.linearizable ?? true }), call),
    add: addAs(false),
    addLearner: addAs(true),
    promote: (ID, call) => caller.unary(promote, MemberPromoteRequest.create({ ID }), call),
    remove: (ID, call) => caller.unary(remove, MemberRemoveRequest.create({ ID }), call),
    update: (ID, peerUrls, call) =>
      caller.unary(update, MemberUpdateRequest.create({ ID, peerURLs: [...peerUrls] }), call),
  };
}
