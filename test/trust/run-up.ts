/** `up` as a process that can be killed. */
import { applyPlan } from "../../src/apply-plan.js";
import { openWorld } from "../../src/open.js";
import { readSpecFile } from "../../src/spec/load.js";
import { planOf, survey } from "../../src/survey.js";

const { spec } = await readSpecFile(process.argv[2] ?? "", { cwd: "/", env: process.env });
const world = await openWorld(spec);
const looked = await survey(spec, world);
const plan = planOf(spec, looked);
const report =
  plan.stages.length === 0 ? undefined : await applyPlan({ spec, world, survey: looked, plan, command: "a test" });
await world.close();
if (report?.failure !== undefined) throw new Error(JSON.stringify(report.failure));
