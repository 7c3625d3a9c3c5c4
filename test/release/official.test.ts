import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { thisArch } from "../../src/release/arch.js";
import { knownReleases } from "../../src/release/catalogue.js";
import { officialSource } from "../../src/release/sources/official.js";
import type { Source } from "../../src/release/sources/source.js";
import { failure } from "./support/failure.js";
import { freshFolder } from "./support/folders.js";
import { openSite, type Site } from "./support/site.js";
import { releaseTarball } from "./support/tarball.js";

const arch = thisArch();
const version = "3.5.30";
const name = `etcd-v${version}-linux-${arch}.tar.gz`;
const limits = { bytes: 1 << 24, stall: 10_000, attempts: 2 };

interface Stand {
  readonly site: Site;
  readonly root: string;
  readonly source: Source;
  obtain(wanted?: string, wantedArch?: string): Promise<{ source: string; into: string }>;
}

async function stand(): Promise<Stand> {
  const site = await openSite();
  onTestFinished(() => site.close());
  const root = await freshFolder();
  const source = officialSource({ base: `${site.base}/`, root, limits, environment: {} });
  return {
    site,
    root,
    source,
    async obtain(wanted = version, wantedArch = arch) {
      const into = await freshFolder();
      const { source: origin } = await source.obtain({
        version: wanted,
        arch: wantedArch,
        into,
        progress: () => undefined,
      });
      return { source: origin, into };
    },
  };
}

describe("a release from the official site or a mirror", () => {
  test("is checked against SHA256SUMS and unpacked; its part of a download is gone", async () => {
    const { site, root, obtain } = await stand();
    site.publish(version, name, releaseTarball(version, arch));
    const { source, into } = await obtain();
    expect(source).toBe(`official: ${site.base}/v${version}/${name}`);
    expect((await readdir(into)).sort()).toEqual(["etcd", "etcdctl", "etcdutl"]);
    expect(await readdir(join(root, "downloads"))).toEqual([]);
  });

  test("whose download was cut off in an earlier run is resumed", async () => {
    const { site, root, obtain } = await stand();
    const archive = releaseTarball(version, arch);
    site.publish(version, name, archive);
    const sum = createHash("sha256").update(archive).digest("hex");
    await mkdir(join(root, "downloads"));
    await writeFile(join(root, "downloads", `${sum}.part`), archive.subarray(0, 50));
    await obtain();
    expect(site.requests).toContain(`GET v${version}/${name} bytes=50-`);
  });

  test("whose earlier part turns out to be rubbish is fetched once more from the beginning", async () => {
    const { site, root, obtain } = await stand();
    const archive = releaseTarball(version, arch);
    site.publish(version, name, archive);
    await mkdir(join(root, "downloads"));
    await writeFile(
      join(root, "downloads", `${createHash("sha256").update(archive).digest("hex")}.part`),
      randomBytes(50),
    );
    await obtain();
    expect(site.requests.slice(1)).toEqual([`GET v${version}/${name} bytes=50-`, `GET v${version}/${name}`]);
  });

  test("with the wrong digest is not unpacked, both digests are named, and the file does not stay", async () => {
    const { site, root, obtain } = await stand();
    const archive = releaseTarball(version, arch);
    site.publish(version, name, archive, "1".repeat(64));
    const error = await failure(() => obtain());
    expect(error.code).toBe("E_RELEASE_DIGEST");
    expect(error.details.expected).toContain("1".repeat(64));
    expect(error.details.found).toContain(createHash("sha256").update(archive).digest("hex"));
    expect(await readdir(join(root, "downloads"))).toEqual([]);
  });

  test("whose SHA256SUMS denies the digest pinned in quorate is not even downloaded", async () => {
    const { site, obtain } = await stand();
    const pinned = "etcd-v3.6.14-linux-arm64.tar.gz";
    site.publish("3.6.14", pinned, Buffer.from("another archive"));
    const error = await failure(() => obtain("3.6.14", "arm64"));
    expect(error.code).toBe("E_RELEASE_DIGEST");
    expect(error.details.expected).toContain("quorate's catalogue");
    expect(site.requests).toEqual(["GET v3.6.14/SHA256SUMS"]);
  });

  test("that is cut short although its digest is right is no archive", async () => {
    const { site, obtain } = await stand();
    site.publish(version, name, releaseTarball(version, arch).subarray(0, 200));
    const error = await failure(() => obtain());
    expect(error.code).toBe("E_RELEASE_ARCHIVE");
    expect(error.message).toContain("cut short");
  });

  test("that the site does not have is said to be missing", async () => {
    const { site, obtain } = await stand();
    expect((await failure(() => obtain())).message).toBe(`${site.base} has no ${name}`);
    site.publish(version, "etcd-v3.5.30-linux-other.tar.gz", Buffer.from("x"));
    expect((await failure(() => obtain())).message).toBe(`${site.base} has no ${name}`);
  });

  test("that was never built for an architecture is not asked for", async () => {
    const { site, obtain } = await stand();
    expect((await failure(() => obtain("3.4.45", "s390x"))).message).toBe("there is no official etcd 3.4.45 for s390x");
    expect((await failure(() => obtain("3.6.14", "riscv64"))).code).toBe("E_RELEASE_UNREACHABLE");
    expect(site.requests).toEqual([]);
  });

  test("from a site that cannot be reached fails before anything is asked", async () => {
    const { site, obtain } = await stand();
    await site.close();
    const error = await failure(() => obtain());
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED$/);
  });

  test("behind a proxy that Node does not use here is told what would help", async () => {
    const root = await freshFolder();
    const source = officialSource({
      base: "http://127.0.0.1:1/x",
      root,
      environment: { https_proxy: "http://proxy:3128" },
    });
    expect((await failure(() => source.offers("amd64"))).message).toContain("NODE_USE_ENV_PROXY=1");
  });
});

describe("what the site offers", () => {
  test("is found by asking for the newest known patches and those after them", async () => {
    const { site, source } = await stand();
    const [newest = "", second = ""] = knownReleases;
    const next = newest.replace(/\d+$/, (patch) => `${Number(patch) + 1}`);
    const afterGap = newest.replace(/\d+$/, (patch) => `${Number(patch) + 3}`);
    for (const one of [newest, next, afterGap, second])
      site.publish(one, `etcd-v${one}-linux-amd64.tar.gz`, Buffer.from("x"));
    expect((await source.offers("amd64")).toSorted()).toEqual([newest, next, second].toSorted());
    expect(await source.offers("arm64")).toEqual([]);
    expect(site.requests.every((request) => request.endsWith("/SHA256SUMS"))).toBe(true);
  });

  test("is not known when the site is in trouble", async () => {
    const { site, source } = await stand();
    site.fault = (_request, response) => response.writeHead(502).end() !== undefined;
    expect((await failure(() => source.offers("amd64"))).message).toContain("it answered 502");
  });
});
