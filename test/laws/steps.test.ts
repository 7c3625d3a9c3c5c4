/** Laws 1, 2 and 7 of ARCHITECTURE: about each step alone, for any facts. */
import { describe, expect, it } from "vitest";
import { equal, type Facts } from "../../src/observe/facts.js";
import { effectOf, isDone, kindOf, kinds, type Step } from "../../src/steps/kinds.js";
import type { StepBase, StepKind } from "../../src/steps/step.js";
import { anyFacts } from "./arbitrary/facts.js";
import { anySpec } from "./arbitrary/spec.js";
import { anyStep, kindNames } from "./arbitrary/step.js";
import { law } from "./law.js";

const nothing: Facts = { formed: "no", alarms: [], downgrade: "", saved: [], members: {} };

const anyScene = anySpec.chain((spec) =>
  anyFacts(spec).chain((facts) => anyStep(spec).map((step) => ({ spec, facts, step }))),
);

describe("law 1: an effect is idempotent", () => {
  it("for every kind of step and any facts", () => {
    law(anyScene, ({ facts, step }) => {
      const once = effectOf(step, facts);
      expect(effectOf(step, once)).toEqual(once);
      expect(isDone(step, once)).toBe(true);
    });
  });
});

describe("law 2: an inverse takes back what the effect did", () => {
  const takesBack = <S extends StepBase>(
    kind: StepKind<S, unknown>,
    step: S,
    facts: Facts,
    effect: (step: StepBase, now: Facts) => Facts,
  ): boolean => {
    const back = kind.inverse?.(step, facts);
    return back === undefined || equal(effect(back, kind.effect(step, facts)), facts);
  };

  it("for every kind that has one", () => {
    law(anyScene, ({ facts, step }) => {
      expect(takesBack(kindOf(step), step, facts, (back, now) => effectOf(back as Step, now))).toBe(true);
    });
    const reversible = kindNames.filter((kind) => kinds[kind].inverse !== undefined);
    console.log(`kinds with an inverse: ${reversible.length} of ${kindNames.length}`);
  });

  it("would catch one that does not", () => {
    interface Set extends StepBase {
      readonly to: string;
    }
    const toy = (inverse: NonNullable<StepKind<Set>["inverse"]>): StepKind<Set> => ({
      ...(kinds["stop-member"] as unknown as StepKind<Set>),
      effect: (step, now) => ({ ...now, formed: step.to }),
      inverse,
    });
    const facts = nothing;
    const step: Set = { kind: "set", member: "a", to: "yes" };
    const effect = (back: StepBase, now: Facts): Facts => ({ ...now, formed: (back as Set).to });
    const right = toy((_, before) => ({ kind: "set", member: "a", to: before.formed }) as StepBase);
    const wrong = toy(() => ({ kind: "set", member: "a", to: "maybe" }) as StepBase);
    expect([takesBack(right, step, facts, effect), takesBack(wrong, step, facts, effect)]).toEqual([true, false]);
  });
});

describe("law 7: a step touches the member it names and those that it declares, and no other", () => {
  it("for every kind of step and any facts", () => {
    law(anyScene, ({ facts, step }) => {
      const after = effectOf(step, facts);
      expect(Object.keys(after.members)).toEqual(Object.keys(facts.members));
      const touched = new Set([step.member, ...(kindOf(step).others?.(step) ?? [])]);
      for (const [name, member] of Object.entries(after.members))
        if (!touched.has(name)) expect(member, `${step.kind}: ${name}`).toEqual(facts.members[name]);
      expect(after.formed === facts.formed || step.kind === "mark-member").toBe(true);
    });
  });

  it("has a title that begins with a verb", () => {
    law(anyScene, ({ step }) => {
      expect(kindOf(step).title(step)).toMatch(
        /^(add|allow|clear|compare|defragment|disarm|forget|hand|install|look|make|mark|move|note|remove|renew|restart|save|shake|sign|start|stop|take|tell|trust|write) /,
      );
    });
  });

  it("does nothing to facts that do not know the member", () => {
    law(anyScene, ({ step }) => {
      expect(effectOf(step, nothing).members).toEqual({});
    });
  });
});
