/** What all sources together offer. */
import { QuorateError } from "../errors.js";
import { cachedVersions } from "./cache.js";
import type { Place } from "./sources/source.js";
import { compareVersions } from "./versions.js";

/** A source that cannot be asked offers nothing now; what it has may not be needed. */
export async function offeredVersions(
  root: string,
  places: readonly Place[],
  arch: string,
): Promise<readonly string[]> {
  const offers = await Promise.all(
    places.map(async (place): Promise<readonly string[]> => {
      try {
        return place === "cache" ? await cachedVersions(root, arch) : await place.offers(arch);
      } catch (error) {
        if (error instanceof QuorateError) return [];
        throw error;
      }
    }),
  );
  return [...new Set(offers.flat())].sort(compareVersions);
}
