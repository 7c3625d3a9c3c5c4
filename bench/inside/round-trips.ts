/** Runs inside a lab's network: an `up`, another one, and how often each host was asked something. Prints JSON. */
import { apply, loadSpec, openWorld, plan, survey } from "../../src/index.js";

const spec = await loadSpec(process.argv[2] ?? "cluster.yaml");

async function up(): Promise<number> {
  const world = await openWorld(spec);
  try {
    const looked = await survey(spec, world);
    const wanted = plan(spec, looked);
    if (wanted.stages.length > 0) {
      const report = await apply({ spec, world, survey: looked, plan: wanted, command: "bench" });
      if (report.outcome !== "done") throw new Error(JSON.stringify(report.failure));
    }
    return Math.max(...spec.members.map(({ name }) => world.host(name).roundTrips));
  } finally {
    await world.close();
  }
}

const first = await up();
const again = await up();
console.log(JSON.stringify({ first, again }));
