import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { thisArch } from "../../src/release/arch.js";
import { fetchRelease } from "../../src/release/fetch.js";
import { openRelease } from "../../src/release/open-release.js";
import type { ReleaseFolder } from "../../src/release/release.js";
import type { Place } from "../../src/release/sources/source.js";
import { failure } from "./support/failure.js";
import { brokenSource, fakeSource } from "./support/fake-source.js";
import { freshFolder, putBinaries } from "./support/folders.js";

const arch = thisArch();
const silent = (): void => undefined;
const fetchIt = (root: string, places: readonly Place[], version = "3.5.30"): Promise<ReleaseFolder> =>
  fetchRelease(root, places, version, arch, silent);

describe("fetching a release", () => {
  test("takes the first source that brings it, and the cache from then on", async () => {
    const root = await freshFolder();
    const [official, distribution] = [fakeSource("official", []), fakeSource("distribution", ["3.5.30"])];
    const places = ["cache", official, distribution] as const;
    const first = await fetchIt(root, places);
    expect(first).toMatchObject({
      version: "3.5.30",
      arch,
      source: "distribution: a test",
      path: join(root, "releases", `3.5.30-${arch}`),
    });
    expect(first.binaries.map(({ name }) => name)).toEqual(["etcd", "etcdctl", "etcdutl"]);
    expect(await fetchIt(root, places)).toEqual(first);
    expect(distribution.asked).toEqual(["obtain 3.5.30"]);
    expect(JSON.parse(await readFile(join(first.path, "manifest.json"), "utf8"))).toMatchObject({
      version: "3.5.30",
      source: "distribution: a test",
      archives: [{ name: "archive" }],
    });
  });

  test("by several at once fetches once", async () => {
    const root = await freshFolder();
    const source = fakeSource("official", ["3.5.30"]);
    const all = await Promise.all([1, 2, 3].map(() => fetchIt(root, ["cache", source])));
    expect(new Set(all.map(({ path }) => path)).size).toBe(1);
    expect(source.asked).toEqual(["obtain 3.5.30"]);
  });

  test("replaces a copy in the cache that has changed, and says so", async () => {
    const root = await freshFolder();
    const source = fakeSource("official", ["3.5.30"]);
    const { path } = await fetchIt(root, ["cache", source]);
    await writeFile(join(path, "etcd"), "rot");
    const said: string[] = [];
    const again = await fetchRelease(root, ["cache", source], "3.5.30", arch, (_done, _total, what) => said.push(what));
    expect(said[0]).toContain("has changed since it was put into the cache; it is fetched anew");
    expect(await readFile(join(again.path, "etcd"))).not.toEqual(Buffer.from("rot"));
  });

  test("never serves what one user handed over to somebody who did not", async () => {
    const root = await freshFolder();
    const given = fakeSource("given", ["3.5.30"], { identity: "ab".repeat(32) });
    const official = fakeSource("official", ["3.5.30"]);
    const own = await fetchIt(root, [given, "cache"]);
    expect(own.source).toBe("given: a test");
    await fetchIt(root, [given, "cache"]);
    expect(given.asked).toEqual(["obtain 3.5.30"]);
    expect((await fetchIt(root, ["cache", official])).source).toBe("official: a test");
  });

  test("leaves nothing in the cache when a source brings the wrong thing", async () => {
    const root = await freshFolder();
    const liar = {
      ...fakeSource("official", ["3.5.30"]),
      obtain: async ({ into }: { into: string }) => {
        await putBinaries(into, "3.4.23");
        return { source: "a liar", archives: [] };
      },
    };
    const error = await failure(() => fetchIt(root, [liar]));
    expect(error.code).toBe("E_RELEASE_BINARY");
    expect(await readdir(join(root, "releases"))).toEqual([]);
    expect(await readdir(join(root, "locks"))).toEqual([]);
  });
});

describe("a fetch that fails", () => {
  test("names every source and what it said", async () => {
    const root = await freshFolder();
    const error = await failure(() =>
      fetchIt(root, [
        "cache",
        brokenSource("official", "E_RELEASE_UNREACHABLE", "the site cannot be reached"),
        fakeSource("distribution", ["3.4.23"]),
      ]),
    );
    expect(error.code).toBe("E_RELEASE_NOT_FOUND");
    expect(error.details.found?.split("\n")).toEqual([
      `cache: the cache ${root} holds no etcd 3.5.30 for ${arch}`,
      "official: the site cannot be reached",
      "distribution: distribution has no 3.5.30",
    ]);
    expect(error.next).toContain(`etcd-v3.5.30-linux-${arch}.tar.gz`);
  });

  test("of one source has that source's own error", async () => {
    const error = await failure(async () =>
      fetchIt(await freshFolder(), [brokenSource("build", "E_RELEASE_UNREACHABLE", "go is not installed")]),
    );
    expect(error).toMatchObject({ code: "E_RELEASE_UNREACHABLE", message: "go is not installed" });
  });

  test("with no source at all says so", async () => {
    expect((await failure(async () => fetchIt(await freshFolder(), []))).message).toContain("no source is named");
  });

  test.each([
    ["official", "E_RELEASE_DIGEST"],
    ["given", "E_RELEASE_DIGEST"],
    ["given", "E_RELEASE_GIVEN"],
    ["given", "E_RELEASE_ARCHIVE"],
    ["given", "E_RELEASE_BINARY"],
  ] as const)("in %s with %s stops the search", async (name, code) => {
    const other = fakeSource("distribution", ["3.5.30"]);
    const error = await failure(async () => fetchIt(await freshFolder(), [brokenSource(name, code, "no"), other]));
    expect(error.code).toBe(code);
    expect(other.asked).toEqual([]);
  });

  test.each([
    ["official", "E_RELEASE_ARCHIVE"],
    ["official", "E_RELEASE_BINARY"],
    ["given", "E_RELEASE_ARCH"],
  ] as const)("in %s with %s lets the next one try", async (name, code) => {
    const other = fakeSource("distribution", ["3.5.30"]);
    const found = await fetchIt(await freshFolder(), [brokenSource(name, code, "no"), other]);
    expect(found.source).toBe("distribution: a test");
  });

  test.each([
    ["latest", "E_RELEASE_VERSION"],
    ["3.5", "E_RELEASE_VERSION"],
    ["v3.5.30 ", "E_RELEASE_VERSION"],
    ["3.5.1", "E_RELEASE_REFUSED"],
    ["3.3.27", "E_RELEASE_REFUSED"],
    ["3.8.0-alpha.0", "E_RELEASE_REFUSED"],
  ])("for %j asks no source", async (version, code) => {
    const source = fakeSource("official", [version]);
    expect((await failure(async () => fetchIt(await freshFolder(), [source], version))).code).toBe(code);
    expect(source.asked).toEqual([]);
  });

  test("for an unknown architecture asks no source", async () => {
    const source = fakeSource("official", ["3.5.30"]);
    const error = await failure(async () => fetchRelease(await freshFolder(), [source], "3.5.30", "vax", silent));
    expect([error.code, source.asked]).toEqual(["E_RELEASE_ARCH", []]);
  });

  test("because the cache cannot be written says so", async () => {
    const file = join(await freshFolder(), "file");
    await writeFile(file, "");
    const sources = [fakeSource("official", ["3.5.30"]), fakeSource("build", ["3.5.30"])] as const;
    const error = await failure(() => fetchIt(file, sources));
    expect(error).toMatchObject({ code: "E_RELEASE_CACHE", details: { where: file } });
    expect(error.message).toContain("a file stands where a folder should");
    expect(sources.flatMap(({ asked }) => asked)).toEqual([]);
  });
});

test("an opened release joins its parts: a given folder comes first, and callers at once share one fetch", async () => {
  const given = await putBinaries(await freshFolder(), "3.5.30");
  const spec = { sources: ["given", "cache"] as const, given, mirror: "http://127.0.0.1:1", suites: [] };
  const release = openRelease(spec, { environment: { QUORATE_CACHE: await freshFolder(), PATH: process.env["PATH"] } });
  expect(await release.newest(arch)).toMatchObject({ version: "3.5.30", source: "given" });
  const [one, two] = await Promise.all([release.fetch("3.5.30", arch), release.fetch("3.5.30", arch)]);
  expect(one).toBe(two);
  expect(one.source).toBe(`given: ${given}`);
  expect(await release.cached(arch)).toEqual([]);
});
