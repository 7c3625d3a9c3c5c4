#!/usr/bin/env node
import { run } from "./program.js";
import { processTerminal } from "./terminal.js";

// The reader of a pipe may go before we are done, as `head` does; that is its good right.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const code = await run(process.argv.slice(2), processTerminal());
// Output to files, pipes and terminals is written at once, so nothing is lost by not waiting for idle connections.
process.exit(code);
