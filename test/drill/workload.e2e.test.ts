/** The workload on real clusters that something is done to: what it tells must be what was done. */
import { afterEach, describe, expect, it } from "vitest";
import { openClient } from "../../src/etcd/client.js";
import { startWorkload, type Workload } from "../../src/drill/workload/workload.js";
import type { Verdict } from "../../src/drill/verdict.js";
import { verdictLine } from "../../src/render/verdict-line.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";
import type { RealMember } from "../support/real-member.js";
import { until } from "../support/until.js";

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe.each(testedVersions)("clients of etcd %s", (version) => {
  let etcd: RealEtcd;

  afterEach(() => etcd?.remove());

  /** Three members, the clients at work, `act`, and the verdict. */
  async function under(act: (load: Workload) => Promise<void>): Promise<Verdict> {
    etcd = await realEtcd({ version, size: 3 });
    const load = await startWorkload({
      endpoints: () => etcd.members.map(({ clientUrl }) => clientUrl),
      tls: async () => etcd.tls,
    });
    await until(() => load.acknowledged > 50);
    await act(load);
    const verdict = await load.stop();
    console.log(`${version}: ${verdictLine(verdict)}; retried ${verdict.retried}`);
    return verdict;
  }

  async function leader(): Promise<RealMember> {
    for (const member of etcd.members) {
      const client = openClient(member.clientUrl, { tls: async () => etcd.tls });
      try {
        const { header, leader: of } = await client.maintenance.status({ deadline: 5_000 });
        if (header?.memberId === of) return member;
      } finally {
        await client.close();
      }
    }
    throw new Error("no member leads");
  }

  /** Hands leadership to the next member and waits until it has it. */
  async function handOver(from: RealMember): Promise<void> {
    const client = openClient(from.clientUrl, { tls: async () => etcd.tls });
    try {
      const { members } = await client.cluster.list();
      const { header } = await client.maintenance.status();
      const target = members.find(({ ID }) => ID !== header?.memberId);
      await client.maintenance.moveLeader(target?.ID ?? 0n, { deadline: 10_000 });
    } finally {
      await client.close();
    }
  }

  it("that nobody disturbs lose nothing, and leave nothing behind", async () => {
    const verdict = await under((load) => load.control(2_000));
    expect(verdict).toMatchObject({ outcome: "held", failed: 0, lost: 0, findings: [] });
    expect(verdict.watchEvents).toBeGreaterThanOrEqual(verdict.writes);
    const { stdout } = await etcd.etcdctl("get", "", "--prefix", "--keys-only");
    expect(stdout.trim()).toBe("");
  });

  it("lose nothing when the leader is killed, and are told how long they waited", async () => {
    const verdict = await under(async (load) => {
      await load.during("change", async () => {
        const victim = await leader();
        await victim.kill();
        await sleep(3_000);
        victim.start();
        await etcd.ready();
      });
    });
    expect(verdict).toMatchObject({ outcome: "held", failed: 0, lost: 0 });
    // No election without a leader's silence of at least one election timeout, less what had passed since it was heard.
    expect(verdict.stall.longest).toBeGreaterThan(500);
    expect(verdict.retried).toBeGreaterThan(0);
  });

  it("lose nothing when each member is restarted in turn, its leadership handed over first", async () => {
    const verdict = await under(async (load) => {
      const begin = performance.now();
      await load.during("change", async () => {
        for (const member of etcd.members) {
          if ((await leader()) === member) await handOver(member);
          await member.stop();
          member.start();
          await etcd.ready();
        }
      });
      await load.control(performance.now() - begin);
    });
    expect(verdict).toMatchObject({ outcome: "held", failed: 0, lost: 0 });
    expect(verdict.comparison?.change.longest).toBeGreaterThan(0);
    expect(verdict.comparison?.control.longest).toBeGreaterThan(0);
  });
});
