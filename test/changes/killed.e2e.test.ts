/** quorate killed at every step boundary of every change of a running cluster, and run again until it is done. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { said } from "../cli/quorate.js";
import { ChangingSite } from "./site.js";

/** More runs than this mean that a change does not get on. */
const mostRuns = 60;

/** What is seen of a member that does not serve yet. */
const passing = /E_CHANGED|E_NO_SPARE|E_NOT_CAUGHT_UP/;

/** Milliseconds: each run is killed, and looks at everything anew. */
const patience = 600_000;

/** Each change begins where the one before it has ended. */
describe("three members of etcd 3.5.16, and a quorate that is killed again and again", () => {
  let site: ChangingSite;
  const written: string[] = [];

  beforeAll(async () => {
    site = await ChangingSite.of(["3.5.16", "3.5.30"], { version: "3.5.16", members: ["m0", "m1", "m2"] });
    await site.up();
    await write();
  });
  afterAll(() => site?.leave());

  async function write(): Promise<void> {
    const key = `kept/${String(written.length).padStart(3, "0")}`;
    await site.put(key);
    written.push(key);
  }

  /** Where members are changed side by side, as many boundaries come before the first action as there are members. */
  async function killAgainAndAgain(what: string): Promise<void> {
    let [kills, putOff] = [0, 0];
    for (let run = 0; ; run += 1) {
      expect(run, `${what}: runs that do not get on`).toBeLessThan(mostRuns);
      const ended = await site.upKilledAt(1 + (run % 9));
      await write();
      if (ended === "killed") kills += 1;
      else if (ended.code === 0) break;
      else {
        // A run that comes while a member is on its way up does nothing that needs it, and says what it saw.
        expect(`${ended.stdout}${ended.stderr}`, said(ended)).toMatch(passing);
        putOff += 1;
      }
    }
    console.log(`${what}: killed ${kills} times, put off ${putOff} times, ${written.length} writes`);
    expect(kills).toBeGreaterThan(1);
    const plan = await site.quorate("plan");
    expect(plan.code, said(plan)).toBe(0);
    expect(await site.listed()).toEqual(site.wanted.members);
    expect(await site.keys("kept/")).toEqual(written);
  }

  const changes: readonly (readonly [string, () => void | Promise<void>])[] = [
    ["other settings", () => site.write({ settings: { "snapshot-count": "20000" } })],
    ["one member more", () => site.write({ members: ["m0", "m1", "m2", "m3"] })],
    ["one member fewer", () => site.write({ members: ["m0", "m1", "m2"] })],
    [
      "a member whose disk is lost",
      async () => {
        await site.kill("m1");
        rmSync(site.dataOf("m1"), { recursive: true, force: true });
      },
    ],
    ["another address of one member", () => site.write({ moved: ["m2"] })],
    ["another version", () => site.write({ version: "3.5.30" })],
  ];

  it.each(changes)(
    "ends %s as an undisturbed one does",
    async (what, change) => {
      await change();
      await killAgainAndAgain(what);
    },
    patience,
  );
});
