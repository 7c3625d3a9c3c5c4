/** docs/guides/add-a-member.md and remove-a-member.md, followed while clients are at work. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leadBy, members, underLoad, voters } from "./change.js";
import { Guide } from "./guide.js";
import { createLab, tutorialHosts, type Lab } from "./lab.js";
import { Operator, said } from "./operator.js";

const three = tutorialHosts.map(({ name }) => name);

describe("members come and go under load", () => {
  let lab: Lab;
  let operator: Operator;
  beforeAll(async () => {
    lab = await createLab({
      hosts: [
        ...tutorialHosts,
        { name: "etcd-host3", address: "10.66.3.87" },
        { name: "etcd-host4", address: "10.64.3.9" },
      ],
    });
    operator = await Operator.of(lab, { members: three.slice(0, 1), more: "allow-single: true" });
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
  });
  afterAll(() => lab.destroy());

  const adding = new Guide("add-a-member");

  test("one member becomes three", async () => {
    await underLoad(operator, "one to three members", async (doing) => {
      await adding.follow(operator, "From one to three", doing);
    });
    expect(await voters(operator)).toEqual(three);
  });

  test("three become five, with quorate killed on the way", async () => {
    await underLoad(operator, "three to five members", async (doing) => {
      await adding.follow(operator, "From three to five", async (act) => {
        const killed = await doing(() => operator.quorate(["up", "--yes"], { env: { QUORATE_CRASH_AT: "19" } }));
        expect(killed.code, said(killed)).toBe(255);
        expect(await voters(operator), "added, and not started").toContain(" (learner)");
        return doing(act);
      });
    });
    expect(adding.left).toEqual([]);
    expect(await voters(operator)).toEqual([...three, "etcd-host3", "etcd-host4"]);
  });

  test("five become three again, the leader among those that go", async () => {
    const guide = new Guide("remove-a-member");
    await leadBy(operator, "etcd-host3");
    await underLoad(operator, "five to three members", async (doing) => {
      await guide.follow(operator, "From five to three", doing);
    });
    expect(guide.left).toEqual([]);
    expect(await voters(operator)).toEqual(three);
    expect((await members(operator)).map(({ host }) => host).sort()).toEqual(three);
    for (const name of ["etcd-host3", "etcd-host4"]) {
      const host = lab.host(name);
      expect((await host.exec("systemctl is-active etcd")).stdout.trim()).toBe("inactive");
      expect((await host.exec("test -e /etc/systemd/system/etcd.service")).code).toBe(1);
      await host.must("ls -d /var/lib/etcd.removed-*/member");
      expect((await host.must("find /etc/etcd -name '*-key.pem'")).trim()).toBe("");
    }
  });
});
