/** docs/guides/replace-a-host.md, followed while clients are at work. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { members, nothingToDo, underLoad, voters } from "./change.js";
import { Guide } from "./guide.js";
import { createLab, tutorialHosts, type Lab } from "./lab.js";
import { Operator, said } from "./operator.js";

const three = tutorialHosts.map(({ name }) => name);

describe("hosts are lost and replaced under load", () => {
  const guide = new Guide("replace-a-host");
  let lab: Lab;
  let operator: Operator;
  const ids = async (): Promise<string[]> => {
    const listed = await operator.etcdctl(["member", "list"]);
    return three.map(
      (name) =>
        listed.stdout
          .split("\n")
          .find((line) => line.includes(`, ${name}, `))
          ?.split(",")[0] ?? name,
    );
  };
  beforeAll(async () => {
    lab = await createLab({ hosts: [...tutorialHosts, { name: "spare", address: "10.66.3.87" }] });
    operator = await Operator.of(lab, { members: three });
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
  });
  afterAll(() => lab.destroy());

  test("a host that lost its power for good is replaced by another, under its name", async () => {
    const before = await ids();
    await underLoad(operator, "dead host replaced", async (doing) => {
      await lab.host("etcd-host1").powerLoss();
      const left = await operator.quorate(["plan"]);
      expect(left.stdout, "nobody is replaced unless the file says so").not.toMatch(/learner|is gone/);
      await guide.follow(operator, "Another host under the same name", doing);
    });
    expect(await voters(operator)).toEqual(three);
    expect((await members(operator)).map(({ host }) => host).sort()).toEqual(["etcd-host0", "etcd-host2", "spare"]);
    const after = await ids();
    expect(after.map((id, index) => id === before[index])).toEqual([true, false, true]);
  });

  test("the old host, back again, does not trouble the cluster, and the next run clears it", async () => {
    const old = lab.host("etcd-host1");
    await old.boot();
    const state = async (): Promise<string> => (await old.exec("systemctl is-active etcd")).stdout.trim();
    await expect.poll(state, { timeout: 120_000, interval: 1_000 }).toMatch(/^(inactive|failed)$/);
    await old.must("test -d /var/lib/etcd/member");
    expect(await voters(operator)).toEqual(three);
    await guide.follow(operator, "The old host comes back");
    expect(await voters(operator)).toEqual(three);
    const left = await old.exec("systemctl cat etcd; ls -d /var/lib/etcd /etc/etcd/pki/*; ls /var/lib");
    expect(left.stdout).toMatch(/^etcd\.removed-/m);
    expect(left.stdout).not.toMatch(/ExecStart|^\/var\/lib\/etcd$/m);
    await nothingToDo(operator);
  });

  test("a member whose disk comes back empty is removed and added anew, never started as the one it was", async () => {
    const before = await ids();
    await underLoad(operator, "disk lost", async (doing) => {
      await lab.host("etcd-host2").must("systemctl stop etcd && rm -rf /var/lib/etcd/*");
      await guide.follow(operator, "The same host with an empty disk", doing);
    });
    const after = await ids();
    expect(after.map((id, index) => id === before[index])).toEqual([true, true, false]);
    const log = await lab.host("etcd-host2").must("journalctl -u etcd --no-pager -o cat");
    const started = [...log.matchAll(/"local-member-id":"([0-9a-f]+)"/g)].map(([, id]) => id);
    expect(started.lastIndexOf(before[2])).toBeLessThan(started.indexOf(after[2]));
    expect(guide.left).toEqual([]);
  });
});
