import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holding } from "../../src/release/lock.js";
import { failure } from "./support/failure.js";
import { freshFolder } from "./support/folders.js";

const impatient = { poll: 5, stale: 60_000, most: 200 };

async function lockedBy(root: string, holder: string): Promise<string> {
  const file = join(root, "locks", "3.5.30.lock");
  await mkdir(join(root, "locks"), { recursive: true });
  await writeFile(file, `${holder}\n`);
  return file;
}

/** The id of a process that has just ended. */
async function deadProcess(): Promise<number> {
  const child = spawn("true");
  await once(child, "exit");
  return child.pid ?? 0;
}

test("work under one lock never overlaps, and whoever waited is told so", async () => {
  const root = await freshFolder();
  let inside = 0;
  const order: boolean[] = [];
  const holders: string[] = [];
  const work = async (waited: boolean): Promise<void> => {
    inside += 1;
    expect(inside).toBe(1);
    order.push(waited);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside -= 1;
  };
  const patience = { poll: 5, stale: 60_000, most: 20_000 };
  await Promise.all([1, 2, 3, 4].map(() => holding(root, "3.5.30", work, (holder) => holders.push(holder), patience)));
  expect(order).toEqual([false, true, true, true]);
  expect(holders).toEqual(Array.from({ length: 3 }, () => `pid ${process.pid} on ${hostname()}`));
  expect(await readdir(join(root, "locks"))).toEqual([]);
});

test("work under different locks does not wait", async () => {
  const root = await freshFolder();
  const inner = holding(root, "a", () => holding(root, "b", async (waited) => waited, undefined, impatient));
  expect(await inner).toBe(false);
});

test("a lock is let go when the work fails", async () => {
  const root = await freshFolder();
  await expect(holding(root, "a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await holding(root, "a", async (waited) => waited, undefined, impatient)).toBe(false);
});

test("the lock of a process that died is taken over", async () => {
  const root = await freshFolder();
  await lockedBy(root, `pid ${await deadProcess()} on ${hostname()}`);
  expect(await holding(root, "3.5.30", async (waited) => waited, undefined, impatient)).toBe(true);
});

test("the lock of another machine is taken over only when it shows no life", async () => {
  const root = await freshFolder();
  const file = await lockedBy(root, "pid 1 on elsewhere");
  const error = await failure(() => holding(root, "3.5.30", async () => undefined, undefined, impatient));
  expect(error.code).toBe("E_RELEASE_CACHE");
  expect(error.message).toContain("pid 1 on elsewhere has held it for too long");
  await utimes(file, new Date(), new Date(Date.now() - 120_000));
  expect(await holding(root, "3.5.30", async (waited) => waited, undefined, impatient)).toBe(true);
});
