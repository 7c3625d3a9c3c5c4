/**
 * Runs a program that says its process ID in FOLDER/pid and ends when there is FOLDER/go:
 * `tool-process.ts FOLDER heedless|patient`. Patient: it hears an interrupt, and goes on.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "../../../src/release/tool.js";

const [folder, how] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: tool-process.ts FOLDER heedless|patient");
if (how === "patient") process.on("SIGINT", () => writeFileSync(join(folder, "heard"), ""));
const script = "echo $$ >pid.new; mv pid.new pid; until test -e go; do sleep 0.05; done; echo went";
const result = await runTool("sh", ["-c", script], { cwd: folder, environment: process.env, patience: 60_000 });
process.stdout.write(result.stdout);
