import { describe, expect, it } from "vitest";
import { EtcdError } from "../../src/etcd/cluster.js";
import { etcdErrorName } from "../../src/etcd/error-names.js";
import { mayBeApplied } from "../../src/etcd/may-be-applied.js";

const status = (code: number, message: string): EtcdError => new EtcdError("status", message, code);

describe("etcd's own errors", () => {
  it.each([
    [9, "etcdserver: not leader", "NotLeader"],
    [14, "etcdserver: rpc not supported for learner", "NotSupportedForLearner"],
    [9, "etcdserver: rpc not supported for learner", "NotSupportedForLearner"],
    [14, "etcdserver: request timed out", "Timeout"],
    [14, "etcdserver: request timed out, possibly due to previous leader failure", "TimeoutDueToLeaderFail"],
    [9, "etcdserver: can only promote a learner member", "MemberNotLearner"],
    [9, "etcdserver: can only promote a learner member which is in sync with leader", "LearnerNotReady"],
  ])("status %d %j is %s", (code, message, name) => {
    expect(etcdErrorName(status(code, message))).toBe(name);
  });

  it.each(["not leader", "etcdserver: not leader, really", "etcdserver: ", ""])("%j is none of them", (message) => {
    expect(etcdErrorName(status(9, message))).toBeUndefined();
  });

  it("an error of the connection is none of them, whatever it says", () => {
    expect(etcdErrorName(new EtcdError("unreachable", "etcdserver: not leader"))).toBeUndefined();
  });
});

describe("a write that failed", () => {
  it.each([
    ["never left", new EtcdError("refused", "x", undefined, undefined, false), false],
    ["was refused for its content", status(3, "etcdserver: duplicate key given in txn request"), false],
    ["was refused for its author", status(7, "etcdserver: permission denied"), false],
    ["was refused for the load", status(8, "etcdserver: too many requests"), false],
    ["met its deadline", new EtcdError("deadline", "x"), true],
    ["lost its connection", new EtcdError("unreachable", "x"), true],
    ["met a change of leader", status(14, "etcdserver: leader changed"), true],
    ["timed out inside", status(14, "etcdserver: request timed out"), true],
    ["filled the database", status(8, "etcdserver: mvcc: database space exceeded"), true],
    ["ended without a word", status(2, "x"), true],
  ])("because it %s", (_, error, expected) => {
    expect(mayBeApplied(error)).toBe(expected);
  });
});
