/** Health on real etcds: what is asked of them, what is not, and what an alarm does to it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AlarmType, openClient, type EtcdClient } from "../../src/etcd/client.js";
import { openHealthCluster } from "../../src/etcd/health-cluster.js";
import { proveHealth, type Health } from "../../src/observe/health.js";
import { presentVersions } from "../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";
import { until } from "../support/until.js";

describe.each(presentVersions)("three members of etcd %s", (version) => {
  let etcd: RealEtcd;
  let client: EtcdClient;
  beforeAll(async () => {
    etcd = await realEtcd({ version, size: 3 });
    client = openClient(etcd.members[0]?.clientUrl ?? "", { tls: async () => etcd.tls });
  });
  afterAll(async () => {
    await client?.close();
    await etcd?.remove();
  });

  const prove = (): Promise<Health> => {
    const members = etcd.members.map(({ clientUrl }, index) => ({ name: `m${index}`, client: { url: clientUrl } }));
    return proveHealth({ members }, openHealthCluster({ tls: async () => etcd.tls }), 10_000);
  };
  const newestEntry = async (): Promise<bigint> => (await client.maintenance.status()).raftIndex;

  it("are healthy, and write nothing to tell so", async () => {
    await until(async () => (await prove()).healthy, 60_000);
    const before = await newestEntry();
    for (let round = 0; round < 3; round += 1) expect(await prove()).toMatchObject({ healthy: true, remarks: [] });
    // An entry of etcd's own may fall into this time; one for every question and member would be more.
    expect(Number((await newestEntry()) - before)).toBeLessThan(3);
  });

  it("say as etcdctl does that none is healthy while there is an alarm, whoever's it is", async () => {
    const { memberId } = (await client.maintenance.status()).header ?? expect.fail("no header");
    await client.maintenance.activateAlarm(memberId, AlarmType.NOSPACE);
    // A follower may hear of it a moment later.
    await until(async () => !(await prove()).healthy, 60_000);
    const { members } = await prove();
    for (const member of members)
      expect(member).toMatchObject({
        healthy: false,
        error: "Active Alarm(s): NOSPACE ",
        alarms: [{ kind: "NOSPACE" }],
      });
    await client.maintenance.deactivateAlarm(memberId, AlarmType.NOSPACE);
    await until(async () => (await prove()).healthy, 60_000);
  });

  it("without a quorum are not healthy", async () => {
    await etcd.members[1]?.stop();
    await etcd.members[2]?.stop();
    const { healthy, members } = await prove();
    expect([healthy, ...members.map((member) => member.healthy)]).toEqual([false, false, false, false]);
  });
});
