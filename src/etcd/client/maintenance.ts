/** Looking after one member. */
import {
  AlarmRequest,
  AlarmRequest_AlarmAction,
  DefragmentRequest,
  DowngradeRequest,
  DowngradeRequest_DowngradeAction,
  HashKVRequest,
  MaintenanceDefinition,
  MoveLeaderRequest,
  StatusRequest,
  type AlarmResponse,
  type AlarmType,
  type DefragmentResponse,
  type DowngradeResponse,
  type HashKVResponse,
  type MoveLeaderResponse,
  type StatusResponse,
} from "../proto/rpc.js";
import type { CallOptions } from "../transport/call.js";
import { methodOf } from "../transport/method.js";
import type { Caller } from "./caller.js";
import { snapshotOf } from "./snapshot.js";

export type DowngradeAction = "validate" | "enable" | "cancel";

/** Every call rejects with EtcdError. Calls are about the connected member unless said otherwise. */
export interface Maintenance {
  status(call?: CallOptions): Promise<StatusResponse>;
  /** Active alarms of the whole cluster. */
  alarms(call?: CallOptions): Promise<AlarmResponse>;
  activateAlarm(memberId: bigint, alarm: AlarmType, call?: CallOptions): Promise<AlarmResponse>;
  deactivateAlarm(memberId: bigint, alarm: AlarmType, call?: CallOptions): Promise<AlarmResponse>;
  /** Blocks the member for as long as it takes to rewrite its database; ten minutes unless told. */
  defragment(call?: CallOptions): Promise<DefragmentResponse>;
  /** Hash of all keys up to a revision; 0: the newest. Compare members at one revision and compact revision only. */
  hashKv(revision: bigint, call?: CallOptions): Promise<HashKVResponse>;
  /**
   * The database as a stream that ends in its own SHA-256, which is checked here. No default deadline.
   * @throws EtcdError with status DATA_LOSS at the end when the checksum does not fit.
   */
  snapshot(call?: CallOptions): AsyncGenerator<Uint8Array, void, undefined>;
  /** To be asked of the leader. */
  moveLeader(toMemberId: bigint, call?: CallOptions): Promise<MoveLeaderResponse>;
  /** 3.6+. @param version MAJOR.MINOR. */
  downgrade(action: DowngradeAction, version: string, call?: CallOptions): Promise<DowngradeResponse>;
}

const { methods } = MaintenanceDefinition;
const status = methodOf(MaintenanceDefinition, methods.status);
const alarm = methodOf(MaintenanceDefinition, methods.alarm);
const defragment = methodOf(MaintenanceDefinition, methods.defragment);
const hashKv = methodOf(MaintenanceDefinition, methods.hashKV);
const moveLeader = methodOf(MaintenanceDefinition, methods.moveLeader);
const downgrade = methodOf(MaintenanceDefinition, methods.downgrade);

const defragmentDeadline = 600_000;

const downgradeActions: Record<DowngradeAction, DowngradeRequest_DowngradeAction> = {
  validate: DowngradeRequest_DowngradeAction.VALIDATE,
  enable: DowngradeRequest_DowngradeAction.ENABLE,
  cancel: DowngradeRequest_DowngradeAction.CANCEL,
};

export function maintenanceOf(caller: Caller): Maintenance {
  const alarmCall = (action: AlarmRequest_AlarmAction) => (memberID: bigint, type: AlarmType, call?: CallOptions) =>
    caller.unary(alarm, AlarmRequest.create({ action, memberID, alarm: type }), call);
  return {
    status: (call) => caller.unary(status, StatusRequest.create(), call),
    alarms: (call) => caller.unary(alarm, AlarmRequest.create({ action: AlarmRequest_AlarmAction.GET }), call),
    activateAlarm: alarmCall(AlarmRequest_AlarmAction.ACTIVATE),
    deactivateAlarm: alarmCall(AlarmRequest_AlarmAction.DEACTIVATE),
    defragment: (call) =>
      caller.unary(defragment, DefragmentRequest.create(), { deadline: defragmentDeadline, ...call }),
    hashKv: (revision, call) => caller.unary(hashKv, HashKVRequest.create({ revision }), call),
    snapshot: (call) => snapshotOf(caller, call),
    moveLeader: (targetID, call) => caller.unary(moveLeader, MoveLeaderRequest.create({ targetID }), call),
    downgrade: (action, version, call) =>
      caller.unary(downgrade, DowngradeRequest.create({ action: downgradeActions[action], version }), call),
  };
}
