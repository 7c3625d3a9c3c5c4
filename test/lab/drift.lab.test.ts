import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

  test("a setting that would need a rolling restart is refused and nothing is touched", async () => {
    const before = await pids();
    const changed = await Operator.of(lab, { folder: operator.folder, more: "service: { open-files: 70000 }" });
    const up = await changed.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(1);
    expect(`${up.stdout}${up.stderr}`).toContain("E_ROLLING_CHANGE");
    await Operator.of(lab, { folder: operator.folder });
    expect(await pids()).toEqual(before);
    expect((await operator.quorate(["plan"])).code).toBe(0);
  });

  test("a member whose data vanished is not started empty under its old identity", async () => {
    const host = lab.host("etcd-host2");
    await host.must("systemctl stop etcd && mv /var/lib/etcd/member /root/member");
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(1);
    expect(`${up.stdout}${up.stderr}`).toContain("E_DATA_LOST");
    expect((await host.exec("systemctl is-active etcd")).stdout.trim()).toBe("inactive");
    await host.must("mv /root/member /var/lib/etcd/member");
    await mends(/etcd-host2/);
  });
});
