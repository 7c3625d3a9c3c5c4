/** Each change as its operator sees it: the steps, the arithmetic, and how the members stand after. */
import { describe, expect, it } from "vitest";
import { changes } from "./changes.js";
import { Play } from "./play.js";

describe("a change to a running cluster", () => {
  it.each(changes)("$label: is done, and leaves nothing to do", { timeout: 120_000 }, async (change) => {
    const play = new Play(change.from);
    await play.formed();
    play.world.add(change.to);
    if (change.happen !== undefined) play.say(`what has happened: ${change.label}`, () => change.happen?.(play.world));
    const done = await play.up({ spec: change.to, ...change.options });
    expect([done.report?.outcome, done.report?.failure]).toEqual(["done", undefined]);
    const again = await play.up({ spec: change.to, ...change.options });
    expect([again.plan?.stages, again.report]).toEqual([[], undefined]);
    await play.end(`change-${change.label}`);
  });
});
