import { plainHealth } from "./plain-health.js";
import type { CommonOptions } from "./session.js";

const argv = process.argv.slice(2);
const health = plainHealth(argv);
// Output to files, pipes and terminals is written at once, so nothing is lost by not waiting for idle connections.
void (health === undefined ? told() : unparsed(health)).then((code) => process.exit(code));

async function told(): Promise<number> {
  const { asksForOverview, overview } = await import("./overview.js");
  if (!asksForOverview(argv)) return parsed();
  heedReader();
  process.stdout.write(overview());
  return 0;
}

async function parsed(): Promise<number> {
  heedReader();
  const [{ run }, { processTerminal }] = await Promise.all([import("./program.js"), import("./terminal.js")]);
  return run(argv, processTerminal());
}

async function unparsed(options: CommonOptions): Promise<number> {
  const { proveAtOnce } = await import("./prove-at-once.js");
  return proveAtOnce(options);
}

/** The reader of a pipe may go before we are done, as `head` does; that is its good right. */
function heedReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
}
