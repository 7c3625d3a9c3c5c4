import { mkdir, open, readFile, readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { swapFile } from "../durable-file.js";
import type { MemberSpec } from "../spec/spec.js";
import type { Formed, Ledger } from "./ledger.js";
import { savedIn, saveIn } from "./saved-snapshots.js";

/** The operator's records as files of the cluster's state folder. Every write is atomic and synced. */
export function openLedger(stateDir: string): Ledger {
  const runsDir = join(stateDir, "runs");
  const file = (name: string): string => join(stateDir, name);
  return {
    async formed() {
      const value = await readJson(file("formed.json"));
      return isFormed(value) ? value : undefined;
    },
    recordFormed: (formed) => writeJson(stateDir, "formed.json", formed),
    async chosenVersion() {
      const value = await readJson(file("version.json"));
      return typeof value === "string" ? value : undefined;
    },
    recordVersion: (version) => writeJson(stateDir, "version.json", version),
    async roster() {
      const value = await readJson(file("roster.json"));
      return Array.isArray(value) ? (value as MemberSpec[]) : [];
    },
    recordRoster: (members) => writeJson(stateDir, "roster.json", members),
    snapshots: () => savedIn(file("snapshots")),
    saveSnapshot: (label, stream) => saveIn(file("snapshots"), label, stream),
    async append(run, lines) {
      await mkdir(runsDir, { recursive: true, mode: 0o700 });
      const handle = await open(join(runsDir, `${run}.jsonl`), "a", 0o600);
      try {
        await handle.writeFile(`${lines.join("\n")}\n`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    },
    async runs() {
      const names = await readdir(runsDir).catch((error: unknown) => (isMissing(error) ? [] : Promise.reject(error)));
      return names
        .filter((name) => name.endsWith(".jsonl"))
        .map((name) => name.slice(0, -".jsonl".length))
        .sort();
    },
    read: (run) => readFile(join(runsDir, `${run}.jsonl`), "utf8"),
    async forget() {
      for (const name of ["formed.json", "version.json", "roster.json", "users.json", "pki"])
        await rm(file(name), { recursive: true, force: true });
      for (const name of ["members", "bin"]) await removeEmptyFolders(file(name));
    },
  };
}

/** Folders of local members, deepest first, unless something is still in them, such as data that was moved aside. */
async function removeEmptyFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) =>
    isMissing(error) ? [] : Promise.reject(error),
  );
  for (const entry of entries) if (entry.isDirectory()) await removeEmptyFolders(join(folder, entry.name));
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "ENOENT") throw error;
  });
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

const isFormed = (value: unknown): value is Formed =>
  typeof value === "object" &&
  value !== null &&
  "clusterId" in value &&
  typeof value.clusterId === "string" &&
  "at" in value;

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Members that start to serve in the same instant record the same thing at once, and their first `up` waits for it.
  // What a power loss takes back is seen on the hosts again.
  await swapFile(join(folder, name), `${JSON.stringify(value)}\n`);
}
