/**
 * Opens the sources of etcd binaries that a spec names. They are tried in the spec's order; the usual one, and why:
 * given (the user said so), cache (no network), official (newest, and built by etcd itself), distribution (signed,
 * and reachable where the official site is not), build (always possible with Go and a module proxy, but takes
 * minutes). Whichever brings it, a release ends the same: digests checked before unpacking, architecture and version
 * proven, and one folder in the cache that appears whole or not at all.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReleaseSpec } from "../spec/spec.js";
import { cachedVersions, cacheRoot } from "./cache.js";
import { fetchRelease } from "./fetch.js";
import { newestRelease } from "./newest.js";
import { offeredVersions } from "./offers.js";
import type { Release, ReleaseFolder } from "./release.js";
import { buildSource } from "./sources/build.js";
import { distributionSource } from "./sources/distribution.js";
import { givenSource } from "./sources/given.js";
import { officialSource } from "./sources/official.js";
import type { Place } from "./sources/source.js";

export interface ReleaseOptions {
  /** quorate's cache folder; default: from QUORATE_CACHE, XDG_CACHE_HOME or HOME. */
  readonly cacheDir?: string;
  /** Default: the global fetch. */
  readonly fetch?: typeof fetch;
  /** Default: process.env. PATH decides which apt and go are found. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Looks at nothing yet: the first call of a method does. */
export function openRelease(spec: ReleaseSpec, options: ReleaseOptions = {}): Release {
  const environment = options.environment ?? process.env;
  const root = options.cacheDir ?? cacheRoot(environment);
  const places = placesOf(spec, root, environment, options.fetch);
  const had = new Map<string, Promise<ReleaseFolder>>();
  // Hosts are sent the same binaries at about the same time; they are read once, and kept for no longer than that.
  const reading = new Map<string, WeakRef<Promise<Uint8Array>>>();
  return {
    newest: (arch) => newestRelease(root, places, JSON.stringify(spec), arch),
    offers: (arch) => offeredVersions(root, places, arch),
    cached: (arch) => cachedVersions(root, arch),
    fetch(version, arch, progress = () => undefined) {
      const key = `${version} ${arch}`;
      const folder = had.get(key) ?? fetchRelease(root, places, version, arch, progress);
      had.set(key, folder);
      // What could not be had may be had the next time; what was verified is not verified again.
      folder.catch(() => had.delete(key));
      return folder;
    },
    read({ path }, name) {
      const file = join(path, name);
      const bytes = reading.get(file)?.deref() ?? readFile(file);
      reading.set(file, new WeakRef(bytes));
      bytes.catch(() => reading.delete(file));
      return bytes;
    },
  };
}

function placesOf(
  spec: ReleaseSpec,
  root: string,
  environment: NodeJS.ProcessEnv,
  fetcher: typeof fetch | undefined,
): readonly Place[] {
  const own = fetcher === undefined ? {} : { fetch: fetcher };
  return spec.sources.flatMap((name): Place[] => {
    switch (name) {
      case "cache":
        return ["cache"];
      case "given":
        return spec.given === undefined ? [] : [givenSource(spec.given, root)];
      case "official":
        return [officialSource({ base: spec.mirror, root, environment, ...own })];
      case "distribution":
        return [distributionSource({ root, suites: spec.suites, environment })];
      case "build":
        return [buildSource(environment)];
    }
  });
}
