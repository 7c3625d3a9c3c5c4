import { describe, expect, test } from "vitest";
import { createLab } from "./lab.js";
import { healthLine, Operator, said } from "./operator.js";

/** Far more boundaries than a run on three hosts has. */
const limit = 200;

/** Kill a first `up` at one boundary, and have the next one finish. @returns false when the run has no such boundary */
async function survives(at: number): Promise<boolean> {
  const lab = await createLab();
  try {
    const operator = await Operator.of(lab);
    const killed = await operator.quorate(["up", "--yes"], { env: { QUORATE_CRASH_AT: String(at) } });
    if (killed.code === 0) return false;
    expect(killed.code, `boundary ${at}: ${said(killed)}`).toBe(255);

    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, `after boundary ${at}: ${said(up)}`).toBe(0);
    for (const host of lab.hosts) expect(up.stdout).toMatch(healthLine(host.address));
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, `after boundary ${at}: ${said(plan)}`).toBe(0);
    for (const host of lab.hosts) {
      const scraps = await host.must(
        "find /etc/etcd /opt/etcd /var/lib/quorate /etc/systemd/system -name '.*' ! -name . -mmin -5",
      );
      expect(scraps, `left behind by boundary ${at}`).toBe("");
    }
    return true;
  } finally {
    await lab.destroy();
  }
}

describe("quorate is killed", () => {
  test("at every step boundary of a first `up`, each in a lab of its own: the next `up` ends in the same healthy cluster", async () => {
    let next = 1;
    let last = limit;
    const workThrough = async (): Promise<void> => {
      for (let at = next++; at < last; at = next++) if (!(await survives(at))) last = Math.min(last, at);
    };
    await Promise.all([workThrough(), workThrough(), workThrough()]);
    const boundaries = last - 1;
    expect(boundaries, "six steps on each of three hosts, and a boundary before and after each").toBe(36);
  }, 1_200_000);
});
