import { beforeEach, describe, expect, it } from "vitest";
import { observe } from "../../src/observe/observe.js";
import { statusRows, type StatusRow } from "../../src/render/status-rows.js";
import { statusJson, statusTable } from "../../src/render/status-table.js";
import { plain } from "../../src/render/style.js";
import { attempt } from "../../src/testing/attempt.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";

const page = { style: plain, width: 100 };

describe("the status of a cluster", () => {
  let world: FakeWorld;
  beforeEach(async () => {
    world = new FakeWorld(sampleSpec());
    await attempt(world);
  });
  const rows = async (): Promise<StatusRow[]> => statusRows(world.spec, await observe(world.spec, world.session(), []));

  it("has one leader, and followers", async () => {
    expect((await rows()).map(({ role }) => role).sort()).toEqual(["follower", "follower", "leader"]);
  });

  it("tells a host that does not answer apart from a member that does", async () => {
    world.machine("b").reachable = false;
    const [, b] = await rows();
    expect(b).toMatchObject({ role: "follower", unit: undefined, host: expect.any(String) });
  });

  it("says why a member is silent", async () => {
    world.machine("b").powerOff();
    const [, b] = await rows();
    expect(b).toMatchObject({ role: "silent", why: expect.any(String), version: undefined });
  });
});

const base: StatusRow = {
  ...{
    member: "etcd1",
    url: "https://10.64.3.7:2379",
    role: "leader",
    why: undefined,
    memberId: "8e9e05c52164694d",
    version: "3.5.30",
  },
  ...{
    dbSize: 25_165_824n,
    dbSizeInUse: 16_777_216n,
    dbSizeQuota: 2_147_483_648n,
    fragmented: false,
    revision: 18_446_744_073_709_551_615n,
    raftTerm: 2n,
    raftIndex: 1_204n,
    lag: 0n,
  },
  ...{ rttMilliseconds: 1.24, alarms: [], host: undefined, revocations: undefined },
  certificate: { state: "ok", notAfter: "2027-11-22T00:00:00.000Z", reasons: [] },
  unit: { state: "running", enabled: true, restarts: 0 },
};
const now = Date.UTC(2026, 10, 22);

describe("the table of it", () => {
  it("is the cluster at a glance", async () => {
    const follower: StatusRow = {
      ...base,
      member: "etcd2",
      role: "follower",
      lag: 3n,
      alarms: ["NOSPACE"],
      certificate: { ...base.certificate!, state: "renewal-due", notAfter: "2026-12-22T00:00:00.000Z" },
    };
    const silent: StatusRow = {
      ...{
        ...base,
        member: "etcd3",
        role: "silent",
        why: "connection refused",
        version: undefined,
        dbSize: undefined,
        dbSizeInUse: undefined,
      },
      ...{
        revision: undefined,
        raftIndex: undefined,
        lag: undefined,
        rttMilliseconds: undefined,
        certificate: undefined,
      },
      unit: { state: "failed", enabled: false, restarts: 4 },
    };
    await expect(`${statusTable([base, follower, silent], now, page).join("\n")}\n`).toMatchFileSnapshot(
      "__golden__/status.txt",
    );
  });

  it("says which member takes certificates that were revoked", () => {
    const rows = (["current", "former", "stale", "missing"] as const).map((revocations) => ({ ...base, revocations }));
    const [, , , , , ...told] = statusTable(rows, now, page);
    expect(told).toEqual([
      expect.stringContaining("list of revoked certificates is out of date"),
      expect.stringContaining("no list of revoked certificates"),
    ]);
  });

  it("keeps every digit of a 64-bit number in JSON", () => {
    const answer = JSON.parse(JSON.stringify(statusJson("tutorial", "c1", [base]))) as { members: object[] };
    expect(answer).toMatchObject({ cluster: "tutorial", clusterId: "c1", leader: "etcd1" });
    expect(answer.members[0]).toMatchObject({ revision: "18446744073709551615", lag: "0" });
  });
});
