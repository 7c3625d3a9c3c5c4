import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LabHost } from "./host.js";
import { createLab, type Lab } from "./lab.js";
import { healthLine, Operator, said } from "./operator.js";

describe("drift on a running cluster", () => {
  let lab: Lab;
  let operator: Operator;
  const pids = (): Promise<string[]> =>
    Promise.all(lab.hosts.map((host) => host.must("systemctl show --value -p MainPID etcd")));
  /** The plan shows it, `up` mends it, and a second plan is empty. */
  const mends = async (shows: RegExp): Promise<void> => {
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, said(plan)).toBe(2);
    expect(plan.stdout).toMatch(shows);
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    for (const host of lab.hosts) expect(up.stdout).toMatch(healthLine(host.address));
    const after = await operator.quorate(["plan"]);
    expect(after.code, said(after)).toBe(0);
  };
  beforeAll(async () => {
    lab = await createLab();
    operator = await Operator.of(lab);
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
  });
  afterAll(async () => {
    await lab.destroy();
  });

  test("an edited unit is put right without a restart", async () => {
    const before = await pids();
    await lab
      .host("etcd-host0")
      .must("echo '# edited by hand' >> /etc/systemd/system/etcd.service && systemctl daemon-reload");
    await mends(/etcd-host0/);
    expect(await pids()).toEqual(before);
    expect(await lab.host("etcd-host0").must("cat /etc/systemd/system/etcd.service")).not.toContain("edited by hand");
  });

  test("a disabled unit is enabled again", async () => {
    await lab.host("etcd-host1").must("systemctl disable etcd");
    await mends(/etcd-host1/);
    expect((await lab.host("etcd-host1").must("systemctl is-enabled etcd")).trim()).toBe("enabled");
  });

  test("a deleted certificate is issued again without a restart", async () => {
    const before = await pids();
    await lab.host("etcd-host2").must("rm $(find /etc/etcd -name server.pem)");
    await mends(/etcd-host2/);
    expect(await pids()).toEqual(before);
    await lab.host("etcd-host2").must("test -s $(find /etc/etcd -name server.pem | head -n 1)");
  });

  test("a stopped member is started again", async () => {
    const before = await pids();
    await lab.host("etcd-host0").must("systemctl stop etcd");
    await mends(/etcd-host0/);
    const after = await pids();
    expect(after[0]).not.toBe(before[0]);
    expect(after.slice(1)).toEqual(before.slice(1));
  });

  test("a changed binary is put right", async () => {
    await lab.host("etcd-host1").must("f=$(find /opt/etcd -name etcdctl -type f); printf x >> $f");
    await mends(/etcd-host1/);
  });

  test("a setting that is taken up only at a start is rolled: each member restarts once, none while another is away", async () => {
    const before = await pids();
    const starts = await Promise.all(lab.hosts.map(startsOf));
    operator = await Operator.of(lab, { folder: operator.folder, more: "service: { open-files: 8000 }" });
    await mends(/etcd-host0[^]*etcd-host1[^]*etcd-host2/);
    const after = await pids();
    for (const [index, pid] of after.entries()) {
      expect(pid).not.toBe(before[index]);
      expect(await lab.hosts[index]!.must(`cat /proc/${pid.trim()}/limits`)).toMatch(/^Max open files +8000 /m);
    }
    expect((await Promise.all(lab.hosts.map(startsOf))).map((count, index) => count - starts[index]!)).toEqual([
      1, 1, 1,
    ]);
    const away = (await Promise.all(lab.hosts.map(lastAway))).sort(([one], [other]) => one - other);
    for (const [index, [left]] of away.slice(1).entries()) expect(left).toBeGreaterThan(away[index]![1]);
  });

  test("a member whose data vanished comes back as a new one, with the data of the others, and no other is restarted", async () => {
    const host = lab.host("etcd-host2");
    const [ids, before] = [await memberIds(operator), await pids()];
    const put = await operator.etcdctl(["put", "kept", "by the others"]);
    expect(put.code, said(put)).toBe(0);
    await host.must("systemctl stop etcd && mv /var/lib/etcd/member /root/member");
    const since = (await host.must("date '+%F %T.%6N'")).trim();
    await mends(/etcd-host2 has lost its data[^]*etcd-host2 joins as a learner[^]*etcd-host2 becomes a voter/);

    const now = await memberIds(operator);
    expect([...now.keys()].sort()).toEqual(lab.hosts.map(({ name }) => name));
    expect(lab.hosts.filter(({ name }) => now.get(name) !== ids.get(name))).toEqual([host]);
    expect((await pids()).slice(0, 2)).toEqual(before.slice(0, 2));
    const log = await host.must(`journalctl -u etcd --no-pager -o cat --since '${since}'`);
    const started = new Set([...log.matchAll(/"local-member-id":"([0-9a-f]+)"/g)].map(([, id]) => id));
    expect([...started], "it never ran as the one it was").toEqual([now.get(host.name)]);
    expect(await readFrom(operator, host, "kept")).toBe("by the others\n");
  });
});

/** What the member on this host has, whether the others would agree or not. */
async function readFrom(operator: Operator, host: LabHost, key: string): Promise<string> {
  const exported = await operator.quorate(["export", "etcdctl"]);
  const script = `${exported.stdout}
export ETCDCTL_ENDPOINTS=https://${host.address}:2379
exec "$0" get "$1" --consistency=s --print-value-only`;
  const etcdctl = join(operator.etcd, "etcdctl");
  const got = await operator.lab.run(["sh", "-c", script, etcdctl, key], { cwd: operator.folder });
  if (got.code !== 0) throw new Error(said(got));
  return got.stdout;
}

/** How often this host's systemd has started etcd since it booted. */
async function startsOf(host: LabHost): Promise<number> {
  const told = await host.must("journalctl -b -u etcd --no-pager -o cat");
  return told.split("\n").filter((line) => /^Started etcd/.test(line)).length;
}

/** When etcd was last away on a host, from its end to its being ready, in microseconds of the clock that all hosts share. */
async function lastAway(host: LabHost): Promise<readonly [number, number]> {
  const properties = "InactiveEnterTimestampMonotonic,ActiveEnterTimestampMonotonic";
  const told = await host.must(`systemctl show etcd -p ${properties}`);
  const at = (name: string): number => Number(new RegExp(`^${name}=(\\d+)$`, "m").exec(told)?.[1]);
  return [at("InactiveEnterTimestampMonotonic"), at("ActiveEnterTimestampMonotonic")];
}

/** The cluster's own list: ID by name. */
async function memberIds(operator: Operator): Promise<Map<string, string>> {
  const listed = await operator.etcdctl(["member", "list"]);
  if (listed.code !== 0) throw new Error(said(listed));
  const lines = listed.stdout
    .trim()
    .split("\n")
    .map((line) => line.split(", "));
  return new Map(lines.map(([id = "", , name = ""]) => [name, id]));
}
