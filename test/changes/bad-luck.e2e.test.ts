/** Bad luck in the middle of a roll: etcd does not start with what it is told. */
import { afterEach, describe, expect, it } from "vitest";
import { healthLines, said } from "../cli/quorate.js";
import { ChangingSite } from "./site.js";

const members = ["m0", "m1", "m2"];

describe("three members of etcd 3.5.30", { timeout: 600_000 }, () => {
  let site: ChangingSite;
  afterEach(() => site?.leave());

  async function begin(): Promise<void> {
    site = await ChangingSite.of(["3.5.30"], { version: "3.5.30", members });
    await site.up();
    await site.put("kept/0");
  }

  const pids = (): readonly (number | undefined)[] => members.map((name) => site.process(name)?.pid);

  it("of which the first does not start with a new setting: the others are left alone, and undo brings it back", async () => {
    await begin();
    const before = pids();
    // Only etcd itself knows the names of its ciphers.
    site.write({ settings: { "cipher-suites": "TLS_NO_SUCH" } });
    const ended = await site.quorate("up", "--yes");
    expect(ended.code, said(ended)).not.toBe(0);
    expect(`${ended.stdout}${ended.stderr}`).toMatch(/unexpected TLS cipher suite/);
    const same = pids().filter((pid, index) => pid !== undefined && pid === before[index]);
    expect(same, "members that were not touched").toHaveLength(2);
    expect((await site.quorate("health")).stdout.match(healthLines)).toHaveLength(2);
    const { runs } = await site.json<{ runs: { run: string }[] }>("log");
    const newest =
      runs
        .map(({ run }) => run)
        .sort()
        .at(-1) ?? "";
    const undone = await site.quorate("undo", newest, "--yes");
    expect(undone.code, said(undone)).toBe(0);
    site.write({ settings: {} });
    const plan = await site.quorate("plan");
    expect(plan.code, said(plan)).toBe(0);
    await site.put("kept/1");
    expect(await site.keys("kept/")).toEqual(["kept/0", "kept/1"]);
  });
});
