/** quorate killed at every step boundary of a change of the CA, and run again until it is done. */
import { afterEach, describe, expect, it } from "vitest";
import type { MemberFacts } from "../../src/observe/facts.js";
import { makeNextCa } from "../../src/pki/next-ca.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { TrustSite } from "./site.js";

/** A change of three members has about fifty boundaries; more runs than that means that it does not get on. */
const mostRuns = 60;

/** Milliseconds: every run is a process that reads this project's sources anew. */
const patience = 900_000;

describe.each(testedVersions)("etcd %s: a change of the CA", (version) => {
  let site: TrustSite;
  afterEach(() => site?.remove());

  it(
    "that is killed again and again, each time a little later, ends where an undisturbed one ends",
    async () => {
      site = await TrustSite.of(version);
      await site.up();
      const spec = await site.spec();
      await makeNextCa(spec);
      let kills = 0;
      for (; kills < mostRuns; kills += 1) {
        // The first boundary comes before a step's action, the second after it: so each run does one step.
        const ended = await site.upInProcess(2);
        if (ended !== "SIGKILL") {
          expect(ended).toMatch(/^0 /);
          break;
        }
      }
      console.log(`${version}: killed ${kills} times`);
      expect(kills).toBeGreaterThan(5);
      const plan = await site.plan();
      expect({ stages: plan.stages, problems: plan.problems }).toEqual({ stages: [], problems: [] });
      expect(plan.before.trusted).toBe(plan.before.signing);
      expect(Object.values(plan.before.members).map(trustOf)).toEqual(
        Array.from({ length: 3 }, () => ({
          trust: "ok",
          roots: plan.before.trusted,
          issuer: "wanted",
          noted: plan.before.trusted,
          serving: "yes",
        })),
      );
    },
    patience,
  );
});

const trustOf = ({ trust, roots, issuer, config, serving }: MemberFacts): unknown => ({
  ...{ trust, roots, issuer, serving },
  noted: config.split(".")[1],
});
