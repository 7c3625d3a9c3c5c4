/**
 * A reporter of vitest for scripts/tiers.mjs: one line of JSON per test as soon as its file has ended, so that a tier that is
 * killed still tells what it came to. The file is named by QUORATE_TIER_RECORD.
 */
import { appendFileSync } from "node:fs";

const say = (line) => appendFileSync(process.env.QUORATE_TIER_RECORD, `${JSON.stringify(line)}\n`);

/** The beginning of each message on one line: what a law was broken with stands in its second line. */
const reasonOf = (errors) =>
  (errors ?? [])
    .map(({ message = "" }) =>
      message
        .trim()
        .split(/\s*\n\s*/)
        .slice(0, 3)
        .join(" ")
        .slice(0, 240),
    )
    .join("; ");

export default class TierReporter {
  onTestModuleStart({ relativeModuleId: file }) {
    say({ file, state: "started" });
  }

  onTestModuleEnd(module) {
    const file = module.relativeModuleId;
    for (const test of module.children.allTests()) {
      const { state, errors } = test.result();
      say({ file, test: test.fullName, state, why: reasonOf(errors) });
    }
    // What fails around the tests, and a file that cannot even be loaded, is in no test's result.
    for (const suite of module.children.allSuites())
      if (suite.errors().length > 0)
        say({ file, test: suite.fullName, state: "failed", why: reasonOf(suite.errors()) });
    if (module.errors().length > 0)
      say({ file, test: "(the file itself)", state: "failed", why: reasonOf(module.errors()) });
    say({ file, state: "ended", seconds: Math.round(module.diagnostic().duration / 1_000) });
  }

  onTestRunEnd(_modules, errors, reason) {
    for (const error of errors)
      say({ file: "", test: "(outside of any test)", state: "failed", why: reasonOf([error]) });
    say({ file: "", state: "run ended", why: reason });
  }
}
