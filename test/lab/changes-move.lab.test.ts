/** docs/guides/move.md, followed while clients are at work. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leadBy, members, underLoad, voters } from "./change.js";
import { Guide } from "./guide.js";
import { createLab, tutorialHosts, type Lab } from "./lab.js";
import { Operator, said } from "./operator.js";

const three = tutorialHosts.map(({ name }) => name);
const fresh = [
  { name: "new-host0", address: "10.66.3.87" },
  { name: "new-host1", address: "10.64.3.9" },
  { name: "new-host2", address: "10.66.3.88" },
];

describe("a cluster moves house under load", () => {
  let lab: Lab;
  let operator: Operator;
  beforeAll(async () => {
    lab = await createLab({ hosts: [...tutorialHosts, ...fresh] });
    operator = await Operator.of(lab, { members: three });
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    expect((await operator.etcdctl(["put", "greeting", "hello"])).code).toBe(0);
  });
  afterAll(() => lab.destroy());

  test("every member goes to a new host in one run", async () => {
    const guide = new Guide("move");
    await leadBy(operator, "etcd-host0");
    await underLoad(operator, "moved to new hosts", async (doing) => {
      await guide.follow(operator, "New hosts for every member", doing);
    });
    expect(guide.left).toEqual([]);
    expect(await voters(operator)).toEqual(three);
    expect((await members(operator)).map(({ host }) => host).sort()).toEqual(fresh.map(({ name }) => name));
    expect((await operator.etcdctl(["get", "greeting", "--print-value-only"])).stdout).toBe("hello\n");
    for (const name of three) {
      const host = lab.host(name);
      expect((await host.exec("systemctl is-active etcd")).stdout.trim()).toBe("inactive");
      await host.must("ls -d /var/lib/etcd.removed-*/member");
    }
  });
});
