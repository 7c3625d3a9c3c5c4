import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newestRelease } from "../../src/release/newest.js";
import { failure } from "./support/failure.js";
import { brokenSource, fakeSource } from "./support/fake-source.js";
import { freshFolder } from "./support/folders.js";

describe("the newest release", () => {
  test("is that of the first source that offers one, with what the rules say of it", async () => {
    const [official, distribution] = [
      fakeSource("official", ["3.5.33", "3.6.14"]),
      fakeSource("distribution", ["3.7.1"]),
    ];
    expect(await newestRelease(await freshFolder(), ["cache", official, distribution], "s", "amd64")).toEqual({
      version: "3.6.14",
      source: "official",
      warnings: [],
    });
    expect(distribution.asked).toEqual([]);
  });

  test("comes from the next source when one cannot tell or offers only what is refused", async () => {
    const places = [
      brokenSource("official", "E_RELEASE_UNREACHABLE", "closed"),
      fakeSource("distribution", ["3.3.25"]),
      fakeSource("build", ["3.5.30"]),
    ];
    const found = await newestRelease(await freshFolder(), places, "s", "amd64");
    expect(found).toMatchObject({
      version: "3.5.30",
      source: "build",
      warnings: [expect.stringContaining("below 3.5.33")],
    });
  });

  test("that the network offered is remembered for an hour, per spec and architecture", async () => {
    const root = await freshFolder();
    const official = fakeSource("official", ["3.6.14"]);
    for (const arch of ["amd64", "amd64", "arm64"]) await newestRelease(root, [official], "s", arch);
    await newestRelease(root, [official], "another spec", "amd64");
    expect(official.asked).toHaveLength(3);
    for (const name of await readdir(join(root, "newest"))) {
      const file = join(root, "newest", name);
      const kept = JSON.parse(await readFile(file, "utf8")) as { at: number };
      await writeFile(file, JSON.stringify({ ...kept, at: kept.at - 3_700_000 }));
    }
    await newestRelease(root, [official], "s", "amd64");
    expect(official.asked).toHaveLength(4);
  });

  test("that is given is asked for anew each time", async () => {
    const root = await freshFolder();
    const given = fakeSource("given", ["3.5.30"]);
    for (let round = 0; round < 2; round += 1) await newestRelease(root, [given, "cache"], "s", "amd64");
    expect(given.asked).toHaveLength(2);
  });

  test("is looked for in the cache only when nothing else has one", async () => {
    const root = await freshFolder();
    await mkdir(join(root, "releases", "3.5.30-amd64"), { recursive: true });
    const closed = brokenSource("official", "E_RELEASE_UNREACHABLE", "closed");
    expect(await newestRelease(root, ["cache", closed], "s", "amd64")).toMatchObject({
      version: "3.5.30",
      source: "cache",
    });
    expect((await newestRelease(root, ["cache", fakeSource("official", ["3.6.14"])], "s", "amd64")).version).toBe(
      "3.6.14",
    );
  });

  test("does not exist when every source fails, and each says why", async () => {
    const places = [
      "cache",
      brokenSource("official", "E_RELEASE_UNREACHABLE", "closed"),
      fakeSource("distribution", ["3.5.1"]),
    ] as const;
    const error = await failure(async () => newestRelease(await freshFolder(), places, "s", "amd64"));
    expect(error.code).toBe("E_RELEASE_NOT_FOUND");
    expect(error.details.found?.split("\n")).toEqual([
      "official: closed",
      "distribution: only 3.5.1, which the rules refuse",
      "cache: nothing",
    ]);
  });

  test("is not looked for elsewhere when what was given cannot be used", async () => {
    const other = fakeSource("official", ["3.6.14"]);
    const places = [brokenSource("given", "E_RELEASE_GIVEN", "there is nothing at /x"), other];
    expect((await failure(async () => newestRelease(await freshFolder(), places, "s", "amd64"))).code).toBe(
      "E_RELEASE_GIVEN",
    );
    expect(other.asked).toEqual([]);
  });
});
