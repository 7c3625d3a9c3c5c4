/** Every way between versions, while clients write and read through all members. */
import { afterEach, describe, expect, it } from "vitest";
import type { Verdict } from "../../src/drill/verdict.js";
import { compareVersions } from "../../src/release/versions.js";
import { verdictLine } from "../../src/render/verdict-line.js";
import { said } from "../cli/quorate.js";
import { howToGet, newestOf } from "./releases.js";
import { ChangingSite } from "./site.js";

const members = ["m0", "m1", "m2"];

/** One setting, and how each line is told it. */
const settings = { "experimental-corrupt-check-time": "1h" };
const spelled = (version: string): string =>
  version < "3.6" ? "--experimental-corrupt-check-time=1h" : "--corrupt-check-time=1h";

/** @param hops versions that the members pass through, the last one wanted */
interface Way {
  readonly from: string;
  readonly hops: readonly string[];
}

/** Milliseconds for a few rolls, each with its control time. */
const patience = 600_000;

describe("with clients at work, three members", { timeout: patience }, () => {
  let site: ChangingSite;
  afterEach(() => site?.leave());

  async function go({ from, hops }: Way): Promise<Verdict> {
    const to = hops.at(-1) ?? from;
    const load = await site.clients();
    const before = await site.term();
    site.write({ version: to });
    const begin = performance.now();
    await load.during("change", () => site.up());
    const wall = performance.now() - begin;
    const after = await site.term();
    await load.control(Math.min(wall, 15_000));
    const verdict = await load.stop();
    console.log(`${[from, ...hops].join(" → ")}: ${verdictLine(verdict)}; ${(wall / 1000).toFixed(1)} s`);
    expect(verdict).toMatchObject({ outcome: "held", failed: 0, lost: 0 });
    expect(Number(after - before), "terms: one hand-over for each roll").toBeLessThanOrEqual(hops.length);
    const again = await site.quorate("plan");
    expect(again.code, said(again)).toBe(0);
    for (const url of site.urls()) {
      const { version } = await site.at(url, ({ maintenance }) => maintenance.status());
      expect(version).toBe(to);
    }
    for (const name of members) expect(site.process(name)?.argv).toContain(spelled(to));
    const saved = site.saved();
    for (const [index, hop] of hops.entries()) {
      const label = `before-${hops[index - 1] ?? from}-to-${hop}`;
      expect(
        saved.some((name) => name.startsWith(`${label}.`) && name.endsWith(".db")),
        label,
      ).toBe(true);
    }
    return verdict;
  }

  async function begin(version: string, versions: readonly string[], accept: readonly string[] = []): Promise<void> {
    site = await ChangingSite.of(versions, { version, members, settings, accept });
    await site.up();
    for (const name of members) expect(site.process(name)?.argv).toContain(spelled(version));
  }

  it("go from 3.4.23 by way of 3.5.16 to 3.5.30, and nobody notices", async () => {
    await begin("3.4.23", ["3.4.23", "3.5.16", "3.5.30"]);
    await go({ from: "3.4.23", hops: ["3.5.16"] });
    await go({ from: "3.5.16", hops: ["3.5.30"] });
  });

  it("go from 3.4.23 to 3.5.30 in one edit, and nobody notices", async () => {
    await begin("3.4.23", ["3.4.23", "3.5.30"]);
    await go({ from: "3.4.23", hops: ["3.5.30"] });
  });

  const [new35 = "", new36 = "", new37 = ""] = ["3.5", "3.6", "3.7"].map((line) => newestOf(line));
  const past36 = new36 !== "" && compareVersions(new35 || "0.0.0", "3.5.32") >= 0;
  if (!past36) console.log(`not proven on this machine: no etcd 3.6, or no 3.5 from 3.5.32 on; ${howToGet}`);
  else if (new37 === "") console.log(`not proven on this machine: no etcd 3.7; ${howToGet}`);

  if (past36)
    it("go from 3.5.30 through the gate to the newest 3.6, and back to 3.5", async () => {
      await begin("3.5.30", ["3.5.30", new35, new36]);
      await go({ from: "3.5.30", hops: [new35, new36] });
      await go({ from: new36, hops: [new35] });
    });

  if (past36 && new37 !== "")
    it("go from 3.5 by way of 3.6 to 3.7 in one edit, and back to 3.6", async () => {
      await begin(new35, [new35, new36, new37]);
      await go({ from: new35, hops: [new36, new37] });
      await go({ from: new37, hops: [new36] });
    });

  it("that nobody wrote to on 3.4 are not led to 3.5 before somebody has, and nothing is changed", async () => {
    await begin("3.4.23", ["3.4.23", "3.5.30"]);
    const before = members.map((name) => site.process(name)?.pid);
    site.write({ version: "3.5.30" });
    const ended = await site.quorate("up", "--yes");
    expect(ended.code, said(ended)).toBe(1);
    expect(`${ended.stdout}${ended.stderr}`).toContain("never-written-on-3.4");
    expect(members.map((name) => site.process(name)?.pid)).toEqual(before);
    await site.put("began/on");
    await site.up();
  });
});
