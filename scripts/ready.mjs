/**
 * Make a checkout ready to run: dependencies installed, dist built from the sources as they are, `npx quorate` linked.
 * Plain node, so that it works before anything is installed. Every other script begins with it.
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  readlinkSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const project = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

const at = (...path) => join(project, ...path);
const timeOf = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** Run a command in the checkout and let its output through. Ends this process when it fails. */
export function run(command, args, options = {}) {
  const ended = spawnSync(command, args, { cwd: project, stdio: "inherit", ...options });
  if (ended.error) throw ended.error;
  if (ended.status !== 0) {
    options.onFailure?.();
    console.error(`${[command, ...args].join(" ")} ended with ${ended.status ?? ended.signal}`);
    process.exit(ended.status ?? 1);
  }
}

/** The newest change below a folder; a removed file shows in the time of the folder that held it. */
function newestBelow(folder) {
  let newest = timeOf(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestBelow(path) : timeOf(path));
  }
  return newest;
}

/** Install the dependencies exactly as locked, unless they are. */
export function install() {
  if (timeOf(at("node_modules", ".package-lock.json")) >= timeOf(at("package-lock.json"))) return;
  run("npm", ["ci", "--no-audit", "--no-fund"]);
  const now = new Date();
  utimesSync(at("node_modules", ".package-lock.json"), now, now);
}

/** Compile src into dist and bundle the command line. A failing build leaves the old dist as it was. */
export function build() {
  const fresh = at(".cache", `dist-${process.pid}`);
  mkdirSync(at(".cache"), { recursive: true });
  const began = new Date();
  const compile = [at("node_modules", "typescript-7", "bin", "tsc"), "-p", "tsconfig.build.json", "--outDir", fresh];
  const onFailure = () => rmSync(fresh, { recursive: true, force: true });
  run(process.execPath, compile, { onFailure });
  run(process.execPath, [at("scripts", "bundle.mjs"), fresh], { onFailure });
  // Marked with the time the build began: what changed while it ran is newer.
  utimesSync(join(fresh, "cli", "main.js"), began, began);
  const old = at(".cache", `dist-${process.pid}-old`);
  if (existsSync(at("dist"))) renameSync(at("dist"), old);
  renameSync(fresh, at("dist"));
  rmSync(old, { recursive: true, force: true });
}

function isStale() {
  const sources = [
    newestBelow(at("src")),
    ...["package.json", "tsconfig.json", "tsconfig.build.json", "scripts/bundle.mjs", "scripts/compile-early.mjs"].map((name) => timeOf(at(name))),
  ];
  return timeOf(at("dist", "cli", "main.js")) < Math.max(...sources);
}

/** `npx quorate` inside the checkout: npm links the binaries of dependencies only, not a project's own. */
function linkOwnBinary() {
  const link = at("node_modules", ".bin", "quorate");
  const target = "../../dist/cli/main.js";
  try {
    if (readlinkSync(link) === target) return;
    rmSync(link);
  } catch {
    // there is none yet
  }
  symlinkSync(target, link);
}

/** Install, build and link whatever is not so yet. */
export function ready() {
  install();
  if (isStale()) build();
  linkOwnBinary();
}

/** Run the checkout's own quorate on the operator's terminal. @returns its exit code. */
export function quorate(args, options = {}) {
  const ended = spawnSync(process.execPath, [at("dist", "cli", "main.js"), ...args], {
    cwd: project,
    stdio: "inherit",
    ...options,
  });
  if (ended.error) throw ended.error;
  return ended.status ?? 1;
}
