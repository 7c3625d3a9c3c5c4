/** The last lines of .ci/run: what every tier came to, and the sum. `--clear` forgets earlier records first. */
import { clearRecords, recorded, summarize } from "./tiers.mjs";

if (process.argv.includes("--clear")) clearRecords();
else {
  const outcomes = recorded(["check", "lint", "unit", "e2e", "lab"]);
  const skipped = outcomes.some((outcome) => outcome.state === "left out");
  const code = summarize(outcomes);
  const sum = (field) => outcomes.reduce((total, outcome) => total + outcome[field], 0);
  if (skipped) console.log("a tier that this machine can run did not run");
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = code === 0 && !skipped ? 0 : 1;
}
