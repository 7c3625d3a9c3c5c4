/**
 * kill -9 at any moment: the process is cut off before each of its writing calls in turn, and in the middle of each
 * write. What is left must never be taken for a whole set, and the next run must finish on the same CA.
 */
import { existsSync, readFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import type { Authority } from "../../src/pki/authority.js";
import { openAuthority } from "../../src/pki/open-authority.js";
import { exampleSpec } from "./example-spec.js";
import { testFolder } from "./test-folder.js";

/** Writing calls left to live; all calls after the last one fail, clean-up too, as if there were no process. */
const life = vi.hoisted(() => ({ calls: Number.POSITIVE_INFINITY }));

class Killed extends Error {}

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const step = async <T>(act: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> => {
    life.calls -= 1;
    if (life.calls > 0) return act();
    if (life.calls === 0) await half?.();
    throw new Killed("killed");
  };
  const mortal = (file: FileHandle): FileHandle =>
    new Proxy(file, {
      get(target, name) {
        if (name === "writeFile") {
          return (content: string | Uint8Array) =>
            step(
              () => target.writeFile(content),
              () => target.writeFile(content.slice(0, content.length / 2)),
            );
        }
        if (name === "sync") return () => step(() => target.sync());
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  return {
    ...real,
    open: async (...args: Parameters<typeof real.open>) => mortal(await step(() => real.open(...args))),
    mkdir: (...args: Parameters<typeof real.mkdir>) => step(() => real.mkdir(...args)),
    link: (...args: Parameters<typeof real.link>) => step(() => real.link(...args)),
    symlink: (...args: Parameters<typeof real.symlink>) => step(() => real.symlink(...args)),
    rename: (...args: Parameters<typeof real.rename>) => step(() => real.rename(...args)),
    rm: (...args: Parameters<typeof real.rm>) => step(() => real.rm(...args)),
  };
});

beforeEach(() => {
  life.calls = Number.POSITIVE_INFINITY;
});

/** Runs the deed with this many calls to live; whether it was killed. */
async function killedAfter(calls: number, deed: () => Promise<unknown>): Promise<boolean> {
  life.calls = calls;
  try {
    await deed();
    return life.calls <= 0;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return true;
  } finally {
    await new Promise((resolve) => setTimeout(resolve, 5)); // calls made in parallel die too
    life.calls = Number.POSITIVE_INFINITY;
  }
}

async function judged(authority: Authority, member: string): Promise<string> {
  const trust = await authority.stored(member);
  if (trust === undefined) return "none";
  const [ca, server, , peer] = await Promise.all(
    trust.files.map(async (file) => Buffer.from(await file.bytes()).toString()),
  );
  return authority.judge(member, { ca: ca!, server: server!, peer: peer! }, Date.now()).state;
}

test("a first issue that is killed anywhere leaves nothing half made and is finished by the next", async () => {
  let kills = 0;
  for (let calls = 1; ; calls += 1) {
    const folder = testFolder();
    const spec = exampleSpec(folder);
    const killed = await killedAfter(calls, () => openAuthority(spec).issue("kube-node1"));
    if (!killed) break;
    kills += 1;
    expect(["none", "ok"]).toContain(await judged(openAuthority(spec), "kube-node1"));
    const key = join(folder, "pki", "ca-key.pem");
    const keyBefore = existsSync(key) ? readFileSync(key, "utf8") : undefined;
    const caBefore = await openAuthority(spec).trusted();
    await openAuthority(spec).issue("kube-node1");
    expect(await judged(openAuthority(spec), "kube-node1")).toBe("ok");
    if (keyBefore !== undefined) expect(readFileSync(key, "utf8")).toBe(keyBefore);
    if (caBefore !== undefined) expect(await openAuthority(spec).trusted()).toBe(caBefore);
  }
  expect(kills).toBeGreaterThan(25);
}, 120_000);

test("a renewal that is killed anywhere leaves the old set or the new one", async () => {
  const day = 24 * 60 * 60 * 1000;
  const later = { clock: { now: () => Date.now() + 300 * day } };
  let kills = 0;
  for (let calls = 1; ; calls += 1) {
    const folder = testFolder();
    const spec = exampleSpec(folder);
    const before = await openAuthority(spec).issue("kube-node1");
    const killed = await killedAfter(calls, () => openAuthority(spec, later).issue("kube-node1"));
    if (!killed) break;
    kills += 1;
    const between = await openAuthority(spec).stored("kube-node1");
    expect(between).toBeDefined();
    const after = await openAuthority(spec, later).issue("kube-node1");
    expect(after.generation).not.toBe(before.generation);
    expect([before.generation, after.generation]).toContain(between?.generation);
  }
  expect(kills).toBeGreaterThan(15);
}, 120_000);
