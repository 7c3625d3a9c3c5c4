import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { placeFile } from "../../src/host/place-file.js";

describe("a file of this machine", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "quorate-place-"));
    await writeFile(join(folder, "etcd"), "binary", { mode: 0o755 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("is put elsewhere without a second copy, and leaves nothing else behind", async () => {
    await placeFile(join(folder, "etcd"), join(folder, "bin", "etcd"), "0755");
    expect((await stat(join(folder, "bin", "etcd"))).ino).toBe((await stat(join(folder, "etcd"))).ino);
    expect(await readdir(join(folder, "bin"))).toEqual(["etcd"]);
  });

  test("takes the place of what was there, also when that is the same file already", async () => {
    await writeFile(join(folder, "old"), "old");
    for (const _ of [1, 2, 3]) await placeFile(join(folder, "etcd"), join(folder, "old"), "0755");
    expect(await readFile(join(folder, "old"), "utf8")).toBe("binary");
    expect((await readdir(folder)).sort()).toEqual(["etcd", "old"]);
  });

  test("is copied with its mode where it cannot be linked", async () => {
    const other = await mkdtemp("/dev/shm/quorate-place-");
    try {
      await placeFile(join(folder, "etcd"), join(other, "etcd"), "0755");
      const placed = await stat(join(other, "etcd"));
      expect([placed.mode & 0o777, await readFile(join(other, "etcd"), "utf8")]).toEqual([0o755, "binary"]);
    } finally {
      await rm(other, { recursive: true });
    }
  });
});
