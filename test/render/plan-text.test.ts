import { beforeEach, describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/plan.js";
import { planLines, type PlanPage } from "../../src/render/plan-text.js";
import { plain } from "../../src/render/style.js";
import { planOf, survey, type PlanOptions, type Survey } from "../../src/survey.js";
import { attempt } from "../../src/testing/attempt.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";

describe("a plan as a page", () => {
  let world: FakeWorld;
  beforeEach(() => {
    world = new FakeWorld(sampleSpec());
  });

  const page = (more: Partial<PlanPage> = {}): PlanPage => ({
    style: plain,
    width: 100,
    versionSource: "the cluster file",
    ...more,
  });
  const look = async (options: PlanOptions = {}): Promise<{ looked: Survey; plan: Plan }> => {
    const looked = await survey(world.spec, world.session());
    return { looked, plan: planOf(world.spec, looked, options) };
  };
  const golden = (lines: readonly string[], name: string): Promise<void> =>
    expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`__golden__/${name}.txt`);

  it("tells a first start, host by host, with its risk and its arithmetic", async () => {
    const { plan } = await look();
    await golden(planLines(plan, page()), "first-start");
  });

  it("shows how a file that was edited is put right", async () => {
    await attempt(world);
    const unit = world.spec.members[1]?.paths.unit ?? "";
    const text = world.machine("b").files.text(unit) ?? "";
    world.machine("b").files.write(unit, text.replace(/^LimitNOFILE=.*$/m, "LimitNOFILE=1024"), {
      mode: "0644",
      owner: "root",
      group: "root",
    });
    const { looked, plan } = await look();
    const textOf = (member: string, path: string): string | undefined => {
      const host = looked.seen.hosts[member];
      return host?.reach === "reachable" ? host.texts[path] : undefined;
    };
    const lines = planLines(plan, page({ textOf }));
    expect(lines[3]).toBe(" 1 prepare the hosts");
    expect(lines.slice(4, 6).map((line) => line.trim())).toEqual([
      "b",
      "+ write /etc/systemd/system/etcd.service and enable it",
    ]);
    expect(lines.filter((line) => /^ {9}[-+]/.test(line))).toEqual([
      "         -LimitNOFILE=1024",
      "         +LimitNOFILE=65536",
    ]);
    expect(lines.at(-1)).toBe("1 step in 1 stage on 1 member.");
  });

  it("lists every path that is removed", async () => {
    await attempt(world);
    const { plan } = await look({ goal: "absent" });
    await golden(planLines(plan, page()), "destroy");
  });

  it("names what must be settled first, and plans nothing", async () => {
    world.machine("a").strangers = [{ address: "10.64.3.7", port: 2379, pid: 812, command: "nginx" }];
    world.machine("c").systemd = undefined;
    const { plan } = await look();
    await golden(planLines(plan, page()), "refused");
  });

  it("tells what is left out, and goes on with the rest", async () => {
    world.machine("c").powerOff();
    const { plan } = await look();
    const lines = planLines(plan, page());
    expect(lines[0]).toMatch(/^! c /);
    expect(lines.at(-1)).toMatch(/on 2 members/);
  });

  it.each([
    ["running", "Nothing to do: tutorial is as the file says."],
    ["stopped", "Nothing to do: no member of tutorial runs."],
    ["absent", "Nothing to do: nothing of tutorial is left."],
  ] as const)("says in one sentence that there is nothing to do for %s", async (goal, sentence) => {
    if (goal === "running") await attempt(world);
    const { plan } = await look({ goal });
    expect(planLines(plan, page())).toEqual([sentence]);
  });
});
