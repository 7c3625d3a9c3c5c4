/** Keys and values. */
import {
  CompactionRequest,
  DeleteRangeRequest,
  KVDefinition,
  PutRequest,
  RangeRequest,
  TxnRequest,
  type Compare,
  type CompactionResponse,
  type DeleteRangeResponse,
  type PutResponse,
  type RangeResponse,
  type RequestOp,
  type TxnResponse,
} from "../proto/rpc.js";
import type { CallOptions } from "../transport/call.js";
import { methodOf } from "../transport/method.js";
import { bytesOf, type Bytes } from "./bytes.js";
import type { Caller } from "./caller.js";

export type RangeOptions = Partial<Omit<RangeRequest, "key" | "rangeEnd">> & { readonly rangeEnd?: Bytes };
export type PutOptions = Partial<Omit<PutRequest, "key" | "value">>;
export type DeleteRangeOptions = { readonly rangeEnd?: Bytes; readonly prevKv?: boolean };

/** Every call rejects with EtcdError and is made exactly once. */
export interface Kv {
  /** Linearizable unless `serializable` is set. */
  range(key: Bytes, options?: RangeOptions, call?: CallOptions): Promise<RangeResponse>;
  put(key: Bytes, value: Bytes, options?: PutOptions, call?: CallOptions): Promise<PutResponse>;
  deleteRange(key: Bytes, options?: DeleteRangeOptions, call?: CallOptions): Promise<DeleteRangeResponse>;
  /** Parts are made with `compare` and `op`. */
  txn(txn: Txn, call?: CallOptions): Promise<TxnResponse>;
  /** Forgets history before this revision; with `physical` it resolves when that is done on disk. */
  compact(revision: bigint, options?: { readonly physical?: boolean }, call?: CallOptions): Promise<CompactionResponse>;
}

export interface Txn {
  /** All must hold; none: always. */
  readonly compare?: readonly Compare[];
  readonly success?: readonly RequestOp[];
  readonly failure?: readonly RequestOp[];
}

export function rangeRequest(key: Bytes, { rangeEnd = "", ...rest }: RangeOptions = {}): RangeRequest {
  return { ...RangeRequest.create(), ...rest, key: bytesOf(key), rangeEnd: bytesOf(rangeEnd) };
}

export function putRequest(key: Bytes, value: Bytes, options: PutOptions = {}): PutRequest {
  return { ...PutRequest.create(), ...options, key: bytesOf(key), value: bytesOf(value) };
}

export function deleteRangeRequest(key: Bytes, options: DeleteRangeOptions = {}): DeleteRangeRequest {
  return { key: bytesOf(key), rangeEnd: bytesOf(options.rangeEnd ?? ""), prevKv: options.prevKv ?? false };
}

export function txnRequest({ compare = [], success = [], failure = [] }: Txn): TxnRequest {
  return { compare: [...compare], success: [...success], failure: [...failure] };
}

const { methods } = KVDefinition;
const range = methodOf(KVDefinition, methods.range);
const put = methodOf(KVDefinition, methods.put);
const deleteRange = methodOf(KVDefinition, methods.deleteRange);
const txn = methodOf(KVDefinition, methods.txn);
const compact = methodOf(KVDefinition, methods.compact);

export function kvOf(caller: Caller): Kv {
  return {
    range: (key, options, call) => caller.unary(range, rangeRequest(key, options), call),
    put: (key, value, options, call) => caller.unary(put, putRequest(key, value, options), call),
    deleteRange: (key, options, call) => caller.unary(deleteRange, deleteRangeRequest(key, options), call),
    txn: (parts, call) => caller.unary(txn, txnRequest(parts), call),
    compact: (revision, options, call) =>
      caller.unary(compact, CompactionRequest.create({ revision, physical: options?.physical ?? false }), call),
  };
}
