import { describe, expect, it } from "vitest";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { Play } from "./play.js";

const of = (version: string): ReturnType<typeof sampleSpec> => sampleSpec({ version, tls: false });

describe("from 3.4 to 3.7 in one edit", () => {
  it("goes through every line, by the patches that the gates ask for, and looks ahead before 3.6", async () => {
    const play = new Play(of("3.4.23"));
    play.world.operator.release.others = ["3.5.30", "3.5.35", "3.6.10", "3.6.16"];
    play.world.operator.release.newestVersion = "3.7.3";
    await play.formed();
    const [first] = play.world.machines.flatMap(({ supervisor: { process } }) =>
      process === undefined ? [] : [process],
    );
    play.say("somebody has written to it", () => (play.world.etcd.of(first ?? expect.fail()).revision = 7));
    const { plan, report } = await play.up({ spec: of("3.7.3") });
    expect([report?.outcome, report?.failure]).toEqual(["done", undefined]);
    const steps = (plan?.stages ?? []).flatMap((stage) => stage.steps);
    const told = steps.flatMap((step) =>
      step.kind === "save-snapshot"
        ? [step.label]
        : step.kind === "compare-members" || step.kind === "check-v2-store"
          ? [step.kind]
          : step.kind === "restart-member"
            ? [step.version]
            : [],
    );
    const hop = (version: string): string[] => [version, version, version];
    const fresh = (from: string, to: string, ...between: string[]): string[] =>
      ["b", "c", "a"].flatMap(() => [from, ...between, to]);
    expect(told).toEqual([
      ...["before-3.4.23-to-3.5.35", ...hop("3.5.35")],
      ...["compare-members", "before-3.5.35-to-3.6.16", ...fresh("3.5.35", "3.6.16", "check-v2-store")],
      ...["before-3.6.16-to-3.7.3", ...fresh("3.6.16", "3.7.3")],
    ]);
    expect(plan?.problems.map(({ message }) => message.slice(0, 16))).toEqual(
      expect.arrayContaining(["3.4.23 → 3.5.35:", "3.5.35 → 3.6.16:", "3.6.16 → 3.7.3: "]),
    );
    await play.end("long-way");
  });
});
