import { describe, expect, test } from "vitest";
import { createLab } from "./lab.js";
import { healthLine, Operator, said } from "./operator.js";

/** Far more boundaries than a run on three hosts has. */
const limit = 200;

describe("quorate is killed", () => {
  test("at every step boundary of a first `up`, one after the other: the next `up` ends in the same healthy cluster", async () => {
    let boundaries = 0;
    for (let at = 1; at <= limit; at += 1) {
      const lab = await createLab();
      try {
        const operator = await Operator.of(lab);
        const killed = await operator.quorate(["up", "--yes"], { env: { QUORATE_CRASH_AT: String(at) } });
        if (killed.code === 0) break;
        expect(killed.code, `boundary ${at}: ${said(killed)}`).toBe(255);
        boundaries = at;

        const up = await operator.quorate(["up", "--yes"]);
        expect(up.code, `after boundary ${at}: ${said(up)}`).toBe(0);
        for (const host of lab.hosts) expect(up.stdout).toMatch(healthLine(host.address));
        const plan = await operator.quorate(["plan"]);
        expect(plan.code, `after boundary ${at}: ${said(plan)}`).toBe(0);
        for (const host of lab.hosts) {
          const scraps = await host.must("find /etc/etcd /opt/etcd /var/lib/quorate /etc/systemd/system -name '.*' ! -name . -mmin -5");
          expect(scraps, `left behind by boundary ${at}`).toBe("");
        }
      } finally {
        await lab.destroy();
      }
    }
    expect(boundaries, "a first start on three hosts has at least one step before and after its start per host").toBeGreaterThan(12);
    expect(boundaries).toBeLessThan(limit);
  }, 1_200_000);
});
