import { chmod, link, rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../src/release/digest.js";
import { seenDigestOf } from "../../src/release/seen-digest.js";
import { freshFolder } from "./support/folders.js";

const long = new Date("2020-01-01T00:00:00Z");

/** A file that was last written long ago, and a cache that has seen it. */
async function seen(linked: boolean): Promise<{ root: string; file: string; first: string }> {
  const root = await freshFolder();
  const file = join(root, "etcd");
  await writeFile(file, "one");
  await utimes(file, long, long);
  return { root, file, first: (await seenDigestOf(root, file, linked)).sha256 };
}

describe("the digest of a file that was seen before", () => {
  test("is the digest of the file", async () => {
    const { root, file } = await seen(true);
    expect(await seenDigestOf(root, file, true)).toEqual(await digestOf(file));
  });

  test("is not computed again while nothing shows that it was touched", async () => {
    const { root, file, first } = await seen(true);
    await writeFile(file, "two");
    await utimes(file, long, long);
    // Nothing but the same length and a time set back on purpose can do this.
    expect((await seenDigestOf(root, file, true)).sha256).toBe(first);
  });

  test("is computed again after a time was set back, where the file gets no links", async () => {
    const { root, file, first } = await seen(false);
    await writeFile(file, "two");
    await utimes(file, long, long);
    expect((await seenDigestOf(root, file, false)).sha256).not.toBe(first);
  });

  test("stays after a hard link was made, where links are made", async () => {
    const { root, file, first } = await seen(true);
    await link(file, `${file}-linked`);
    expect((await seenDigestOf(root, file, true)).sha256).toBe(first);
  });

  test.each(["longer than before", "two"])("is computed again after writing %j", async (text) => {
    const { root, file } = await seen(true);
    await writeFile(file, text);
    expect(await seenDigestOf(root, file, true)).toEqual(await digestOf(file));
  });

  test("is computed again when another file took its place", async () => {
    const { root, file } = await seen(true);
    await writeFile(`${file}.new`, "two");
    await utimes(`${file}.new`, long, long);
    await rename(`${file}.new`, file);
    expect(await seenDigestOf(root, file, true)).toEqual(await digestOf(file));
  });

  test("is not remembered for a file that was written a moment ago", async () => {
    const root = await freshFolder();
    const file = join(root, "etcd");
    await writeFile(file, "one");
    await seenDigestOf(root, file, true);
    await expect(stat(join(root, "digests"))).rejects.toThrow("ENOENT");
  });

  test("does not believe a folder that others may write to", async () => {
    const { root, file } = await seen(true);
    await chmod(join(root, "digests"), 0o777);
    await writeFile(file, "two");
    await utimes(file, long, long);
    expect(await seenDigestOf(root, file, true)).toEqual(await digestOf(file));
  });
});
