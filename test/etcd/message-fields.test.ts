import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EtcdError } from "../../src/etcd/cluster.js";
import { alarmsIn, statusIn } from "../../src/etcd/health-rpcs.js";
import { MessageFields } from "../../src/etcd/message-fields.js";
import { AlarmResponse, AlarmType, StatusResponse } from "../../src/etcd/proto/rpc.js";

const unsigned = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const signed = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe("answers that etcd's generated messages wrote", () => {
  it("of the status are read in full", () => {
    const status = fc.record({
      clusterId: unsigned,
      memberId: unsigned,
      revision: signed,
      version: fc.string(),
      dbSize: signed,
      dbSizeInUse: signed,
      dbSizeQuota: signed,
      leader: unsigned,
      raftIndex: unsigned,
      raftTerm: unsigned,
      raftAppliedIndex: unsigned,
      errors: fc.array(fc.string({ unit: "grapheme", minLength: 1 })),
      isLearner: fc.boolean(),
      downgrading: fc.boolean(),
    });
    fc.assert(
      fc.property(status, ({ clusterId, memberId, revision, leader, downgrading, ...told }) => {
        const answer = StatusResponse.fromPartial({
          ...told,
          leader,
          storageVersion: "3.6.0",
          header: { clusterId, memberId, revision, raftTerm: 7n },
          downgradeInfo: { enabled: downgrading, targetVersion: "3.5.0" },
        });
        expect(statusIn(StatusResponse.encode(answer).finish(), 12)).toEqual({
          ...told,
          clusterId: clusterId.toString(16),
          memberId: memberId.toString(16),
          revision,
          leaderId: leader.toString(16),
          storageVersion: "3.6",
          downgradeTarget: downgrading ? "3.5" : "",
          tookMilliseconds: 12,
        });
      }),
    );
  });

  it("of the alarms are read in full", () => {
    const alarm = fc.record({ memberID: unsigned, alarm: fc.constantFrom(AlarmType.NOSPACE, AlarmType.CORRUPT, 9) });
    fc.assert(
      fc.property(fc.array(alarm), (alarms) => {
        const answer = AlarmResponse.encode(AlarmResponse.fromPartial({ header: { memberId: 3n }, alarms })).finish();
        const names: Readonly<Record<number, string>> = { 1: "NOSPACE", 2: "CORRUPT", 9: "UNKNOWN" };
        expect(alarmsIn(answer)).toEqual(
          alarms.map((one) => ({ memberId: one.memberID.toString(16), kind: names[one.alarm] })),
        );
      }),
    );
  });

  it("that are empty are those of a member that says nothing", () => {
    expect(statusIn(new Uint8Array(0), 0)).toMatchObject({ leaderId: "0", version: "", isLearner: false, errors: [] });
    expect(alarmsIn(new Uint8Array(0))).toEqual([]);
  });
});

describe("fields of a message", () => {
  it("that nobody asks for may have any size", () => {
    const bytes = Buffer.from([0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x15, 1, 2, 3, 4, 0x18, 5]);
    expect(new MessageFields(bytes).number(3)).toBe(5n);
  });

  it.each([
    ["a number without an end", [0x08, 0xff]],
    ["a number of more than ten octets", [0x08, ...Array.from({ length: 11 }, () => 0xff)]],
    ["a text that is cut off", [0x12, 5, 0x61]],
    ["a kind of field that there is not", [0x0f, 0]],
  ])("fail at %s", (_what, octets) => {
    expect(() => new MessageFields(Buffer.from(octets))).toThrow(EtcdError);
  });

  it("of any octets are read or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          statusIn(bytes, 0);
        } catch (error) {
          expect(error).toMatchObject({ kind: "status", status: 13 });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
