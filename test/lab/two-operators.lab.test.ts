import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "./execute.js";
import { createLab, type Lab } from "./lab.js";
import { healthLine, Operator, said } from "./operator.js";

describe("two operators on two machines", () => {
  let lab: Lab;
  let [one, other] = [] as unknown as [Operator, Operator];
  beforeAll(async () => {
    lab = await createLab();
    [one, other] = [await Operator.of(lab), await Operator.of(lab)];
  });
  afterAll(async () => {
    await lab.destroy();
  });
  const holdsLock = async (): Promise<boolean> => (await one.quorate(["plan", "--json"])).code !== 1;

  test("the second is told who is at work, and changes nothing", async () => {
    const first = one.start(["up", "--yes"]);
    const ended = once(first, "exit") as Promise<[number | null]>;
    const host = lab.host("etcd-host0");
    await until(
      "the first to hold the lock",
      30_000,
      async () => (await host.exec("test -e /var/lib/quorate/lab/lock/1")).code === 0,
    );
    first.kill("SIGSTOP");
    const second = await other.quorate(["up", "--yes"]);
    expect(second.code, said(second)).toBe(1);
    expect(`${second.stdout}${second.stderr}`).toContain("E_LOCKED");
    expect(`${second.stdout}${second.stderr}`).toContain(`pid ${first.pid}`);
    first.kill("SIGCONT");
    expect((await ended)[0]).toBe(0);
    expect(await holdsLock()).toBe(true);
  });

  test("a killed operator leaves no lock behind", async () => {
    await lab.host("etcd-host1").must("systemctl stop etcd");
    const killed = await one.quorate(["up", "--yes"], { env: { QUORATE_CRASH_AT: "1" } });
    expect(killed.code, said(killed)).toBe(255);
    const up = await one.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    for (const host of lab.hosts) expect(up.stdout).toMatch(healthLine(host.address));
  });
});
