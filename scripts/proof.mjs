/**
 * `npm run proof`: compile the proof of the planner and run all of it. Options: --list, --count, --change NAME, --members N
 * (the largest cluster), --least N (the smallest), --every N (each n-th world only), --seed N (where to begin with that),
 * --orders (like members in each other's place too), --jobs N, --record FILE (keep what is done there, and go on from it).
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { install, project, run } from "./ready.mjs";

install();
const compiled = join(project, ".cache", "proof");
rmSync(compiled, { recursive: true, force: true });
run(process.execPath, [join(project, "node_modules", "typescript-7", "bin", "tsc"), "-p", "test/proof/tsconfig.json"]);
mkdirSync(compiled, { recursive: true });
writeFileSync(join(compiled, "package.json"), '{ "type": "module" }\n');
const program = [join(compiled, "test", "proof", "main.js"), ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, program, { cwd: project, stdio: "inherit" }).status ?? 1;
