import { describe, expect, it } from "vitest";
import { judgeHealth, type MemberHealth } from "../../src/observe/health.js";
import type { MemberStatus } from "../../src/etcd/cluster.js";
import { healthJson, healthLine, healthSummary } from "../../src/render/health-lines.js";

const status = (id: string, leader = "a1"): MemberStatus => ({
  ...{
    clusterId: "c1",
    memberId: id,
    version: "3.5.30",
    leaderId: leader,
    storageVersion: "",
    downgradeTarget: "",
    isLearner: false,
    errors: [],
    tookMilliseconds: 1,
  },
  ...{
    dbSize: 20_480n,
    dbSizeInUse: 16_384n,
    dbSizeQuota: 0n,
    raftTerm: 2n,
    raftIndex: 40n,
    raftAppliedIndex: 40n,
    revision: 9n,
  },
});

const healthy = (name: string, id: string, more: Partial<MemberStatus> = {}): MemberHealth => ({
  ...{
    name,
    url: `https://10.64.3.${id.length}:2379`,
    healthy: true,
    tookMilliseconds: 1.687897,
    error: undefined,
    alarms: [],
  },
  status: { ...status(id), ...more },
});

const away: MemberHealth = {
  ...{
    name: "c",
    url: "https://10.66.3.86:2379",
    healthy: false,
    tookMilliseconds: 5_000,
    error: "context deadline exceeded",
  },
  ...{ alarms: [], status: undefined },
};

describe("a member's health", () => {
  it("is told in etcdctl's own words", () => {
    expect(healthLine({ ...healthy("a", "a1"), url: "https://10.64.3.7:2379" })).toBe(
      "https://10.64.3.7:2379 is healthy: successfully committed proposal: took = 1.687897ms",
    );
  });

  it("that is not good says why, as etcdctl does", () => {
    expect(healthLine(away)).toBe(
      "https://10.66.3.86:2379 is unhealthy: failed to commit proposal: context deadline exceeded",
    );
  });
});

describe("the health of all members together", () => {
  it("is good when each is healthy and all agree", () => {
    const health = judgeHealth([healthy("a", "a1"), healthy("b", "b1")]);
    expect(health).toMatchObject({ healthy: true, leader: "a", remarks: [] });
  });

  it("is not good when one is away", () => {
    const health = judgeHealth([healthy("a", "a1"), healthy("b", "b1"), away]);
    expect(health.healthy).toBe(false);
    expect(healthSummary(health)).toEqual(["2 of 3 members healthy; a leads"]);
  });

  it("is not good when two are taken for the leader", () => {
    const health = judgeHealth([healthy("a", "a1"), healthy("b", "b1", { leaderId: "b1" })]);
    expect(health).toMatchObject({
      healthy: false,
      leader: undefined,
      remarks: ["the members disagree about the leader: a says a, b says b"],
    });
  });

  it("is not good without a leader", () => {
    expect(judgeHealth([healthy("a", "a1", { leaderId: "0" })])).toMatchObject({
      healthy: false,
      remarks: ["there is no leader"],
    });
  });

  it("is not good when the members belong to different clusters", () => {
    const health = judgeHealth([healthy("a", "a1"), healthy("b", "b1", { clusterId: "c2" })]);
    expect(health).toMatchObject({
      healthy: false,
      remarks: ["the members belong to different clusters: a to c1, b to c2"],
    });
  });

  it("tells learners and those that are behind", () => {
    const health = judgeHealth([
      healthy("a", "a1", { raftIndex: 9_000n, raftAppliedIndex: 9_000n }),
      healthy("b", "b1", { isLearner: true }),
    ]);
    expect(health.remarks).toEqual(["b is a learner and has no vote", "b is 8960 entries behind"]);
  });

  it("has etcdctl's names in JSON, and 64-bit numbers as text", () => {
    const answer = JSON.parse(JSON.stringify(healthJson("tutorial", judgeHealth([healthy("a", "a1"), away])))) as {
      members: object[];
    };
    expect(answer).toMatchObject({ cluster: "tutorial", healthy: false, leader: "a" });
    expect(answer.members[0]).toMatchObject({
      member: "a",
      health: true,
      took: "1.687897ms",
      raftTerm: "2",
      memberId: "a1",
    });
    expect(answer.members[1]).toMatchObject({
      health: false,
      took: "5s",
      error: "context deadline exceeded",
      learner: null,
    });
  });
});
