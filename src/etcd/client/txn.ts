/** The parts of a transaction. */
import { Compare, Compare_CompareResult, Compare_CompareTarget, type RequestOp } from "../proto/rpc.js";
import { bytesOf, type Bytes } from "./bytes.js";
import {
  deleteRangeRequest,
  putRequest,
  rangeRequest,
  txnRequest,
  type DeleteRangeOptions,
  type PutOptions,
  type RangeOptions,
  type Txn,
} from "./kv.js";

export type Comparison = "=" | "!=" | ">" | "<";

const results: Record<Comparison, Compare_CompareResult> = {
  "=": Compare_CompareResult.EQUAL,
  "!=": Compare_CompareResult.NOT_EQUAL,
  ">": Compare_CompareResult.GREATER,
  "<": Compare_CompareResult.LESS,
};

function comparing(
  target: Compare_CompareTarget,
  key: Bytes,
  comparison: Comparison,
  targetUnion: Compare["targetUnion"],
): Compare {
  return { ...Compare.create(), target, result: results[comparison], key: bytesOf(key), targetUnion };
}

/** What must hold. A key that does not exist has version, createRevision and modRevision 0. */
export const compare = {
  version: (key: Bytes, comparison: Comparison, value: bigint): Compare =>
    comparing(Compare_CompareTarget.VERSION, key, comparison, { $case: "version", value }),
  createRevision: (key: Bytes, comparison: Comparison, value: bigint): Compare =>
    comparing(Compare_CompareTarget.CREATE, key, comparison, { $case: "createRevision", value }),
  modRevision: (key: Bytes, comparison: Comparison, value: bigint): Compare =>
    comparing(Compare_CompareTarget.MOD, key, comparison, { $case: "modRevision", value }),
  value: (key: Bytes, comparison: Comparison, value: Bytes): Compare =>
    comparing(Compare_CompareTarget.VALUE, key, comparison, { $case: "value", value: bytesOf(value) }),
  lease: (key: Bytes, comparison: Comparison, value: bigint): Compare =>
    comparing(Compare_CompareTarget.LEASE, key, comparison, { $case: "lease", value }),
};

/** What is to be done. */
export const op = {
  range: (key: Bytes, options?: RangeOptions): RequestOp => ({
    request: { $case: "requestRange", value: rangeRequest(key, options) },
  }),
  put: (key: Bytes, value: Bytes, options?: PutOptions): RequestOp => ({
    request: { $case: "requestPut", value: putRequest(key, value, options) },
  }),
  deleteRange: (key: Bytes, options?: DeleteRangeOptions): RequestOp => ({
    request: { $case: "requestDeleteRange", value: deleteRangeRequest(key, options) },
  }),
  txn: (nested: Txn): RequestOp => ({ request: { $case: "requestTxn", value: txnRequest(nested) } }),
};
