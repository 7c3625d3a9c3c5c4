/** Has one release here, from the first place that can bring it. */
import { QuorateError } from "../errors.js";
import { architecture } from "./arch.js";
import { discard, provenBinaries } from "./binaries.js";
import { findCached, keep, keyOf, newFolder } from "./cache.js";
import { isDiskTrouble, unusableCache } from "./disk.js";
import { holding } from "./lock.js";
import { requireAllowed } from "./policy.js";
import type { ReleaseFolder } from "./release.js";
import type { Place, Progress, Source } from "./sources/source.js";

/**
 * @throws QuorateError E_RELEASE_VERSION, E_RELEASE_REFUSED or E_RELEASE_ARCH for what cannot be asked for;
 * E_RELEASE_DIGEST at once when something that was fetched is not what was published, E_RELEASE_GIVEN, _ARCHIVE or
 * _BINARY at once when what was given cannot be used; the source's own error when there is one source; else
 * E_RELEASE_NOT_FOUND with what each source said.
 */
export async function fetchRelease(
  root: string,
  places: readonly Place[],
  version: string,
  arch: string,
  progress: Progress,
): Promise<ReleaseFolder> {
  requireAllowed(version, arch);
  architecture(arch);
  const failures: { name: string; error: QuorateError }[] = [];
  for (const place of places) {
    try {
      const found =
        place === "cache"
          ? await findCached(root, keyOf(version, arch))
          : await fromSource(root, place, version, arch, progress, places.includes("cache"));
      if (found !== undefined) return found;
      const none = `the cache ${root} holds no etcd ${version} for ${arch}`;
      failures.push({ name: "cache", error: new QuorateError("E_RELEASE_UNREACHABLE", none, { where: root }) });
    } catch (error) {
      if (!(error instanceof QuorateError) || endsSearch(place, error)) throw error;
      failures.push({ name: place === "cache" ? "cache" : place.name, error });
      if (place === "cache") progress(0, undefined, `${error.message}; it is fetched anew`);
    }
  }
  const only = failures[0];
  if (only !== undefined && failures.length === 1) throw only.error;
  throw notFound(version, arch, failures);
}

/**
 * A file that is not what was published is a warning sign, and what the user gave was meant: neither is passed over.
 * Where the cache cannot be written, no source helps.
 */
function endsSearch(place: Place, error: QuorateError): boolean {
  if (place === "cache") return false;
  const given =
    place.name === "given" && ["E_RELEASE_ARCHIVE", "E_RELEASE_BINARY", "E_RELEASE_GIVEN"].includes(error.code);
  return given || error.code === "E_RELEASE_DIGEST" || error.code === "E_RELEASE_CACHE";
}

async function fromSource(
  root: string,
  source: Source,
  version: string,
  arch: string,
  progress: Progress,
  cached: boolean,
): Promise<ReleaseFolder> {
  const identity = await source.identity?.(version, arch);
  const key = keyOf(version, arch, identity);
  const waiting = (holder: string): void => progress(0, undefined, `waiting for another quorate (${holder})`);
  const work = async (waited: boolean): Promise<ReleaseFolder> => {
    const there =
      identity !== undefined || (waited && cached) ? await findCached(root, key).catch(() => undefined) : undefined;
    return there ?? bring(root, source, { version, arch, key }, progress);
  };
  return holding(root, key, work, waiting);
}

async function bring(
  root: string,
  source: Source,
  wanted: { version: string; arch: string; key: string },
  progress: Progress,
): Promise<ReleaseFolder> {
  const { version, arch, key } = wanted;
  const into = await newFolder(root, key);
  try {
    const { source: origin, archives } = await source.obtain({ version, arch, into, progress });
    const binaries = await provenBinaries(into, version, arch);
    return await keep(root, into, key, { version, arch, source: origin, binaries, archives });
  } catch (error) {
    throw isDiskTrouble(error) ? unusableCache(root, error) : error;
  } finally {
    await discard(into);
  }
}

function notFound(
  version: string,
  arch: string,
  failures: readonly { name: string; error: QuorateError }[],
): QuorateError {
  const lines = failures.map(({ name, error }) => `${name}: ${error.message}`);
  const none = "no source is named";
  return new QuorateError(
    "E_RELEASE_NOT_FOUND",
    `no source has etcd ${version} for ${arch}; ${lines.join("; ") || none}`,
    {
      expected: `etcd ${version} for ${arch}`,
      found: lines.join("\n") || none,
      next: `fetch etcd-v${version}-linux-${arch}.tar.gz on another machine, and give its path`,
    },
  );
}
