/**
 * The official release site, or a mirror that is laid out like it: BASE/v3.5.30/etcd-v3.5.30-linux-amd64.tar.gz and,
 * in the same folder, SHA256SUMS. The two come from one place, so the sums prove that nothing was damaged, not who
 * made it; where quorate's own catalogue knows the archive, that digest must match as well.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { QuorateError } from "../../errors.js";
import { architecture } from "../arch.js";
import { unpackTarball } from "../archive.js";
import { catalogued, knownReleases } from "../catalogue.js";
import { digestOf, parseChecksums, requireDigest, type Expected } from "../digest.js";
import { downloadTo, fetchText, type DownloadLimits, type Fetch } from "../download.js";
import { reach } from "../reach.js";
import { compareVersions, parseVersion } from "../versions.js";
import type { Obtained, Order, Source } from "./source.js";

export interface OfficialOptions {
  /** Base URL without a slash at its end. */
  readonly base: string;
  /** quorate's cache folder, for parts of downloads. */
  readonly root: string;
  /** Default: the global fetch, after a quick look whether the site answers. */
  readonly fetch?: Fetch;
  readonly limits?: DownloadLimits;
  readonly environment: NodeJS.ProcessEnv;
}

/** Patch numbers looked for beyond the newest that is known. */
const ahead = 20;

export function officialSource(options: OfficialOptions): Source {
  const base = options.base.replace(/\/+$/, "");
  const site: Site = { ...options, base, get: options.fetch ?? fetch };
  return {
    name: "official",
    async offers(arch) {
      await reachSite(site);
      const lines = knownReleases.filter((known) => isBuiltFor(known, arch));
      return (await Promise.all(lines.map((known) => newestFrom(site, known, arch)))).flat();
    },
    obtain: (order) => obtain(site, order),
  };
}

interface Site extends OfficialOptions {
  readonly get: Fetch;
}

async function obtain(site: Site, { version, arch, into, progress }: Order): Promise<Obtained> {
  const name = archiveName(version, arch);
  if (!isBuiltFor(version, arch)) throw unavailable(site, `there is no official etcd ${version} for ${arch}`);
  await reachSite(site);
  const sum = (await sumsOf(site, version))?.get(name);
  if (sum === undefined) throw unavailable(site, `${site.base} has no ${name}`);
  const pinned = catalogued(name);
  const expected: Expected = {
    sha256: pinned ?? sum,
    by: pinned === undefined ? "SHA256SUMS beside it" : "quorate's catalogue",
  };
  requireDigest(`${name} as SHA256SUMS has it`, sum, expected);
  const part = join(site.root, "downloads", `${sum}.part`);
  const sha256 = await download(site, `${site.base}/v${version}/${name}`, part, expected, (done, total) =>
    progress(done, total, name),
  );
  requireDigest(name, sha256, expected);
  progress(0, undefined, `unpacking ${name}`);
  await unpackTarball(part, into);
  await rm(part, { force: true });
  return { source: `official: ${site.base}/v${version}/${name}`, archives: [{ name, sha256 }] };
}

/** A file that was pieced together and is wrong gets one chance from the beginning; a wrong file does not stay. */
async function download(
  site: Site,
  url: string,
  part: string,
  expected: Expected,
  progress: (done: number, total: number | undefined) => void,
): Promise<string> {
  for (;;) {
    const { resumed } = await downloadTo(part, url, site.get, progress, site.limits);
    const { sha256 } = await digestOf(part);
    if (sha256 === expected.sha256) return sha256;
    await rm(part, { force: true });
    if (!resumed) return sha256;
  }
}

/** The versions of a line from the newest known one on, as long as their next patch is there too. */
async function newestFrom(site: Site, known: string, arch: string): Promise<readonly string[]> {
  const { major, minor, patch } = parseVersion(known);
  const found: string[] = [];
  for (let next = patch; next <= patch + ahead; next += 1) {
    const version = `${major}.${minor}.${next}`;
    const sums = await sumsOf(site, version);
    if (sums?.has(archiveName(version, arch)) === true) found.push(version);
    else if (next > patch) break;
  }
  return found;
}

async function sumsOf(site: Site, version: string): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await fetchText(`${site.base}/v${version}/SHA256SUMS`, site.get, site.limits);
  return text === undefined ? undefined : parseChecksums(text);
}

/** Where Node itself sends requests through a proxy, the site need not be reachable directly. */
async function reachSite({ base, fetch: given, environment }: Site): Promise<void> {
  if (given !== undefined || environment["NODE_USE_ENV_PROXY"] !== undefined) return;
  const proxy = ["HTTPS_PROXY", "https_proxy"].find((name) => environment[name] !== undefined);
  await reach(base).catch((error: unknown) => {
    if (proxy === undefined || !(error instanceof QuorateError)) throw error;
    const hint = `${error.message} (${proxy} is set; Node from version 24 on uses it when NODE_USE_ENV_PROXY=1 is set)`;
    throw new QuorateError("E_RELEASE_UNREACHABLE", hint, error.details);
  });
}

function isBuiltFor(version: string, arch: string): boolean {
  const since = architecture(arch).officialSince;
  return since !== undefined && compareVersions(version, since) >= 0;
}

function archiveName(version: string, arch: string): string {
  return `etcd-v${version}-linux-${arch}.tar.gz`;
}

function unavailable(site: Site, why: string): QuorateError {
  return new QuorateError("E_RELEASE_UNREACHABLE", why, { where: site.base });
}
