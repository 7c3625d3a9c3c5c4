/**
 * Chooses a version when the user names none. The places are asked in their order, and the first that offers anything
 * which the rules allow decides; so a site that cannot be reached costs its few seconds once, and two machines with
 * the same network choose alike. The cache is asked last, since it knows only what was fetched before.
 */
import { QuorateError } from "../errors.js";
import { cachedVersions } from "./cache.js";
import { choose } from "./policy.js";
import { recall, remember } from "./remembered.js";
import type { Place, Source } from "./sources/source.js";

export interface Newest {
  readonly version: string;
  readonly source: string;
  /** What the rules have against it, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * @param spec any text that tells specs apart; what the network offered is remembered per spec and arch.
 * @throws QuorateError E_RELEASE_GIVEN when what was given cannot be used; else E_RELEASE_NOT_FOUND with what each
 * source said.
 */
export async function newestRelease(
  root: string,
  places: readonly Place[],
  spec: string,
  arch: string,
): Promise<Newest> {
  const key = `${arch} ${spec}`;
  const said: string[] = [];
  const ask = async (name: string, offers: () => Promise<readonly string[]>): Promise<Newest | undefined> => {
    try {
      const offered = await offers();
      const chosen = choose(offered, arch);
      if (chosen === undefined)
        said.push(
          `${name}: ${offered.length === 0 ? "nothing" : `only ${offered.join(", ")}, which the rules refuse`}`,
        );
      else return { version: chosen.version, source: name, warnings: chosen.judgement.reasons.map(({ text }) => text) };
    } catch (error) {
      if (!(error instanceof QuorateError) || error.code === "E_RELEASE_GIVEN") throw error;
      said.push(`${name}: ${error.message}`);
    }
    return undefined;
  };
  const sources = places.filter((place): place is Source => place !== "cache");
  for (const source of sources) {
    const kept = source.name === "given" ? undefined : await recall(root, key);
    const found = await ask(kept?.source ?? source.name, async () =>
      kept === undefined ? source.offers(arch) : [kept.version],
    );
    if (found === undefined) continue;
    if (source.name !== "given" && kept === undefined) await remember(root, key, found);
    return found;
  }
  const cached = places.includes("cache") ? await ask("cache", () => cachedVersions(root, arch)) : undefined;
  if (cached !== undefined) return cached;
  throw new QuorateError(
    "E_RELEASE_NOT_FOUND",
    `no source offers an etcd for ${arch} that the rules allow; ${said.join("; ")}`,
    {
      found: said.join("\n"),
    },
  );
}
