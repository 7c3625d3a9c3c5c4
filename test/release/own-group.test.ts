/** A terminal sends Ctrl-C to everybody in the foreground. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/until.js";

const loader = new URL("../support/typescript-loader.mjs", import.meta.url).href;
const program = fileURLToPath(new URL("support/tool-process.ts", import.meta.url));

describe("Ctrl-C while a program of the machine runs", () => {
  let folder: string;
  let child: ChildProcess;
  let said = "";
  const has = (name: string) => (): boolean => existsSync(join(folder, name));
  const start = async (how: string): Promise<number> => {
    said = "";
    child = spawn(process.execPath, ["--import", loader, program, folder, how], {
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await until(has("pid"));
    process.kill(-(child.pid ?? 0), "SIGINT");
    return Number(readFileSync(join(folder, "pid"), "utf8"));
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "quorate-group-"));
  });
  afterEach(async () => {
    writeFileSync(join(folder, "go"), "");
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  test("does not reach it, when somebody hears it who may let it finish", async () => {
    await start("patient");
    await until(has("heard"));
    writeFileSync(join(folder, "go"), "");
    const [code] = (await once(child, "close")) as [number | null];
    expect([code, said]).toEqual([0, "went\n"]);
  });

  test("ends it too, when nobody does", async () => {
    const pid = await start("heedless");
    const [, signal] = (await once(child, "close")) as [number | null, string | null];
    expect([signal, said]).toEqual(["SIGINT", ""]);
    await until(() => !existsSync(`/proc/${pid}`));
  });
});
