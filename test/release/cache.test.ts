import { chmod, mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { thisArch } from "../../src/release/arch.js";
import { provenBinaries } from "../../src/release/binaries.js";
import { cachedVersions, cacheRoot, findCached, keep, keyOf, newFolder } from "../../src/release/cache.js";
import type { ReleaseFolder } from "../../src/release/release.js";
import { failure } from "./support/failure.js";
import { freshFolder, putBinaries } from "./support/folders.js";

const arch = thisArch();

async function keepRelease(root: string, version: string, identity?: string): Promise<ReleaseFolder> {
  const folder = await putBinaries(await newFolder(root, keyOf(version, `${arch}-${randomUUID()}`)), version);
  const binaries = await provenBinaries(folder, version, arch);
  return keep(root, folder, keyOf(version, arch, identity), {
    version,
    arch,
    source: "a test",
    binaries,
    archives: [],
  });
}

describe("where the cache is", () => {
  test.each([
    [{ QUORATE_CACHE: "/q", XDG_CACHE_HOME: "/x", HOME: "/h" }, "/q"],
    [{ XDG_CACHE_HOME: "/x", HOME: "/h" }, "/x/quorate"],
    [{ QUORATE_CACHE: "", XDG_CACHE_HOME: "relative", HOME: "/h" }, "/h/.cache/quorate"],
    [{ HOME: "/h" }, "/h/.cache/quorate"],
  ])("%j: %s", (environment, root) => expect(cacheRoot(environment)).toBe(root));
});

describe("a kept release", () => {
  test("is found again, whole, and leaves nothing else behind", async () => {
    const root = await freshFolder();
    const kept = await keepRelease(root, "3.5.30");
    expect(await findCached(root, `3.5.30-${arch}`)).toEqual(kept);
    expect(await cachedVersions(root, arch)).toEqual(["3.5.30"]);
    expect(await cachedVersions(root, "other")).toEqual([]);
    expect(await readdir(join(root, "releases"))).toEqual([`3.5.30-${arch}`]);
  });

  test("that was never there is not found", async () => {
    expect(await findCached(await freshFolder(), `3.5.30-${arch}`)).toBeUndefined();
    expect(await cachedVersions("/nonexistent", arch)).toEqual([]);
  });

  test("that a user handed over is kept apart from public ones", async () => {
    const root = await freshFolder();
    const kept = await keepRelease(root, "3.5.30", "ab".repeat(32));
    expect(kept.path).toMatch(/3\.5\.30-\w+-given-abababababababab$/);
    expect(await findCached(root, `3.5.30-${arch}`)).toBeUndefined();
    expect(await cachedVersions(root, arch)).toEqual([]);
  });

  test("is replaced by a newer one under the same key, also by several at once", async () => {
    const root = await freshFolder();
    await Promise.all([1, 2, 3, 4].map(() => keepRelease(root, "3.5.30")));
    expect(await findCached(root, `3.5.30-${arch}`)).toBeDefined();
    expect(await readdir(join(root, "releases"))).toEqual([`3.5.30-${arch}`]);
  });

  test("whose binary has changed is refused with both digests", async () => {
    const root = await freshFolder();
    const { path, binaries } = await keepRelease(root, "3.5.30");
    await writeFile(join(path, "etcdctl"), "changed");
    const error = await failure(() => findCached(root, `3.5.30-${arch}`));
    expect(error.code).toBe("E_RELEASE_DIGEST");
    expect(error.details.expected).toContain(binaries[1]?.sha256);
    expect(error.details.found).toMatch(/SHA-256 [0-9a-f]{64}/);
  });

  test("that lacks a binary is refused", async () => {
    const root = await freshFolder();
    const { path } = await keepRelease(root, "3.5.30");
    await rm(join(path, "etcd"));
    expect((await failure(() => findCached(root, `3.5.30-${arch}`))).code).toBe("E_RELEASE_DIGEST");
  });

  test.each(["", "{", "[]", '{"version":"3.5.30","arch":"x","source":"s","binaries":[{"name":"sh"}],"archives":[]}'])(
    "with %j for a manifest is refused",
    async (text) => {
      const root = await freshFolder();
      const { path } = await keepRelease(root, "3.5.30");
      await writeFile(join(path, "manifest.json"), text);
      expect((await failure(() => findCached(root, `3.5.30-${arch}`))).message).toContain(
        "manifest.json cannot be read",
      );
    },
  );

  test("that everyone may write to proves nothing, and is refused", async () => {
    const root = await freshFolder();
    const { path } = await keepRelease(root, "3.5.30");
    await chmod(path, 0o777);
    expect((await failure(() => findCached(root, `3.5.30-${arch}`))).message).toContain("everyone may write to it");
  });
});

describe("the cache folder", () => {
  test("is cleared of what killed runs left: of the same release at once, of others after a week", async () => {
    const root = await freshFolder();
    const names = [".new-3.5.30-amd64_dead", ".new-3.5.30-arm64_alive", ".old-dead", "3.4.23-amd64"];
    for (const name of names) await mkdir(join(root, "releases", name), { recursive: true });
    await utimes(join(root, "releases", ".old-dead"), new Date(), new Date(Date.now() - 8 * 24 * 3_600_000));
    const fresh = basename(await newFolder(root, "3.5.30-amd64"));
    const left = await readdir(join(root, "releases"));
    expect(left.toSorted()).toEqual([fresh, ".new-3.5.30-arm64_alive", "3.4.23-amd64"].toSorted());
  });

  test("that is a file is an error of its own", async () => {
    const root = join(await freshFolder(), "file");
    await writeFile(root, "");
    const error = await failure(() => newFolder(root, "3.5.30-amd64"));
    expect(error.code).toBe("E_RELEASE_CACHE");
    expect(error.details.where).toBe(root);
  });
});
