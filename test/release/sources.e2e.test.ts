/** The sources of binaries with the real etcd, the real tar and dpkg-deb, and, on Debian machines, the real apt. */
import { execFileSync } from "node:child_process";
import { cp, mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { aptMachine } from "../../src/release/apt/machine.js";
import { thisArch } from "../../src/release/arch.js";
import { openRelease } from "../../src/release/open-release.js";
import { reach } from "../../src/release/reach.js";
import type { Release, ReleaseFolder } from "../../src/release/release.js";
import type { ReleaseSpec } from "../../src/spec/spec.js";
import { etcdFolder, testedVersions } from "../support/etcd-binaries.js";
import { failure } from "./support/failure.js";
import { freshFolder } from "./support/folders.js";
import { openSite } from "./support/site.js";

const arch = thisArch();

async function open(spec: Partial<ReleaseSpec>): Promise<Release> {
  const none = { sources: ["given", "official"] as const, given: undefined, mirror: "http://127.0.0.1:1", suites: [] };
  return openRelease({ ...none, ...spec }, { cacheDir: await freshFolder() });
}

/** What the fetched programs themselves say. */
function versions({ path, binaries }: ReleaseFolder): string[] {
  return binaries.map(
    ({ name }) =>
      execFileSync(join(path, name), [name === "etcd" ? "--version" : "version"], { encoding: "utf8" }).split(
        "\n",
      )[0] ?? "",
  );
}

/** A release archive of the real binaries, made by the system's tar. */
async function realTarball(version: string): Promise<Buffer> {
  const top = `etcd-v${version}-linux-${arch}`;
  const folder = await freshFolder();
  await mkdir(join(folder, top, "Documentation"), { recursive: true });
  for (const name of ["etcd", "etcdctl"])
    await cp(join(etcdFolder(version), name), join(folder, top, name), { dereference: true });
  execFileSync("tar", ["-C", folder, "-czf", join(folder, "a.tar.gz"), top]);
  return readFile(join(folder, "a.tar.gz"));
}

describe.each(testedVersions)("etcd %s", (version) => {
  test("is taken from a given folder and runs", async () => {
    const release = await open({ given: etcdFolder(version) });
    expect(await release.newest(arch)).toMatchObject({ version, source: "given" });
    const folder = await release.fetch(version, arch);
    expect(versions(folder).every((line) => line.toLowerCase().endsWith(`version: ${version}`))).toBe(true);
  });

  test("is taken from an archive on a site laid out like the official one", async () => {
    const site = await openSite();
    onTestFinished(() => site.close());
    site.publish(version, `etcd-v${version}-linux-${arch}.tar.gz`, await realTarball(version));
    const release = await open({ mirror: site.base });
    const seen: number[] = [];
    const folder = await release.fetch(version, arch, (done, total) => total !== undefined && seen.push(done / total));
    expect(versions(folder)).toEqual([`etcd Version: ${version}`, `etcdctl version: ${version}`]);
    expect(seen.at(-1)).toBe(1);
    expect(await release.cached(arch)).toEqual([version]);
  });
});

test("a folder of etcd for this machine is refused for another one", async () => {
  const other = arch === "amd64" ? "arm64" : "amd64";
  const release = await open({ sources: ["given"], given: etcdFolder("3.5.30") });
  const error = await failure(() => release.fetch("3.5.30", other));
  expect(error.code).toBe("E_RELEASE_ARCH");
});

describe("the distribution", () => {
  test.each([
    ["the suites it chooses", []],
    ["a suite that is named", ["sid"]],
  ])("brings etcd from %s, or says why not", async (_what, suites) => {
    const release = await open({ sources: ["distribution"], suites });
    const machine = await aptMachine(process.env).catch(() => undefined);
    const mirror = machine?.sources.flatMap(({ uris }) => uris).find((uri) => uri.startsWith("http"));
    const reachable =
      mirror !== undefined &&
      (await reach(mirror).then(
        () => true,
        () => false,
      ));
    if (machine?.distribution !== "debian" || !reachable) {
      expect((await failure(() => release.fetch("3.5.94", arch))).code).toBe("E_RELEASE_UNREACHABLE");
      return;
    }
    const { version, source } = await release.newest(arch);
    expect(source).toBe("distribution");
    const folder = await release.fetch(version, arch);
    expect(versions(folder).slice(0, 2)).toEqual([`etcd Version: ${version}`, `etcdctl version: ${version}`]);
    expect(folder.source).toMatch(/^distribution: etcd-/);
    expect((await stat(join(folder.path, "etcd"))).mode & 0o777).toBe(0o755);
  });
});

if (process.env["QUORATE_TEST_GO_BUILD"] === "1") {
  test("a build with the installed Go brings the newest etcd of its modules", { timeout: 40 * 60_000 }, async () => {
    const release = await open({ sources: ["build"] });
    const { version } = await release.newest(arch);
    const folder = await release.fetch(version, arch);
    expect(versions(folder)).toEqual([
      `etcd Version: ${version}`,
      `etcdctl version: ${version}`,
      `etcdutl version: ${version}`,
    ]);
  });
}
