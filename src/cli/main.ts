#!/usr/bin/env node
import { asksForOverview, overview } from "./overview.js";

// The reader of a pipe may go before we are done, as `head` does; that is its good right.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const argv = process.argv.slice(2);
if (asksForOverview(argv)) {
  process.stdout.write(overview());
} else {
  const [{ run }, { processTerminal }] = await Promise.all([import("./program.js"), import("./terminal.js")]);
  const code = await run(argv, processTerminal());
  // Output to files, pipes and terminals is written at once, so nothing is lost by not waiting for idle connections.
  process.exit(code);
}
