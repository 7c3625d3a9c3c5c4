/**
 * The distribution's own packages, fetched by apt and unpacked without root. Three ways, from the quickest: the suite
 * this machine uses; a package with a digest pinned in quorate, straight from the machine's archive; and other suites
 * through a private apt. apt checks the archive's signatures in the first and the last.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { QuorateError } from "../../errors.js";
import { unpackPackage } from "../archive.js";
import { openApt, type Apt, type Package } from "../apt/apt.js";
import { aptMachine, reachArchive, type AptMachine } from "../apt/machine.js";
import { pinnedPackages } from "../apt/pool.js";
import { privateApt } from "../apt/private-apt.js";
import { discard } from "../binaries.js";
import { catalogued } from "../catalogue.js";
import { digestOf, requireDigest } from "../digest.js";
import { choose, lineHasEnded } from "../policy.js";
import type { Obtained, Order, Source } from "./source.js";

export interface DistributionOptions {
  /** quorate's cache folder, absolute. */
  readonly root: string;
  /** Suites to look in besides the machine's own. */
  readonly suites: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly osRelease?: string;
}

export function distributionSource(options: DistributionOptions): Source {
  return {
    name: "distribution",
    async offers(arch) {
      const machine = await aptMachine(options.environment, options.osRelease);
      await reachArchive(machine);
      const own = machine.arch === arch ? await openApt(options.environment, []).pairs() : [];
      const versions = own.map((pair) => pair.version);
      if (options.suites.length === 0 && !needsWider(versions, arch)) return versions;
      const other = await wider(options, machine, arch)
        .then((apt) => apt.pairs())
        .catch((error: unknown) => {
          if (own.length > 0) return [];
          throw error;
        });
      return [...own, ...other].map((pair) => pair.version);
    },
    async obtain(order) {
      const machine = await aptMachine(options.environment, options.osRelease);
      await reachArchive(machine);
      const folder = await mkdtemp(join(order.into, "packages-"));
      try {
        return await obtain(options, machine, order, folder);
      } finally {
        await discard(folder);
      }
    },
  };
}

async function obtain(
  options: DistributionOptions,
  machine: AptMachine,
  order: Order,
  folder: string,
): Promise<Obtained> {
  const { version, arch, progress } = order;
  const fromApt = async (apt: Apt): Promise<readonly Package[] | undefined> => {
    const pair = (await apt.pairs()).find((one) => one.version === version);
    return pair === undefined ? undefined : apt.download(pair, folder, progress);
  };
  const ways = [
    async () => (machine.arch === arch ? fromApt(openApt(options.environment, [])) : undefined),
    () => pinnedPackages(machine, order, folder, options.environment),
    async () => fromApt(await wider(options, machine, arch)),
  ];
  const reasons: string[] = [];
  for (const way of ways) {
    try {
      const packages = await way();
      if (packages !== undefined) return await unpack(packages, order, options.environment);
    } catch (error) {
      if (!(error instanceof QuorateError) || error.code !== "E_RELEASE_UNREACHABLE") throw error;
      reasons.push(error.message);
    }
  }
  const looked = [...new Set([machine.codename ?? "its own suite", ...suitesOf(options, machine)])].join(", ");
  const why =
    reasons.length > 0 ? [...new Set(reasons)].join("; ") : `no package of etcd ${version} for ${arch} in ${looked}`;
  throw new QuorateError("E_RELEASE_UNREACHABLE", why, { where: "apt" });
}

async function unpack(
  packages: readonly Package[],
  { into, progress }: Order,
  environment: NodeJS.ProcessEnv,
): Promise<Obtained> {
  const archives = [];
  for (const { name, file, indexed } of packages) {
    const { sha256 } = await digestOf(file);
    const pinned = catalogued(name);
    if (pinned !== undefined) requireDigest(name, sha256, { sha256: pinned, by: "quorate's catalogue" });
    if (indexed !== undefined) requireDigest(name, sha256, { sha256: indexed, by: "the signed package index" });
    archives.push({ name, sha256 });
  }
  for (const { name, file } of packages) {
    progress(0, undefined, `unpacking ${name}`);
    await unpackPackage(file, into, environment);
  }
  return { source: `distribution: ${archives.map(({ name }) => name).join(", ")}`, archives };
}

function needsWider(versions: readonly string[], arch: string): boolean {
  const best = choose(versions, arch);
  return best === undefined || lineHasEnded(best.version);
}

/**
 * A stable suite keeps the etcd of its birth for years; where its line has ended and the spec names no further suites,
 * Debian's newest is asked too.
 */
function suitesOf({ suites }: DistributionOptions, { distribution }: AptMachine): readonly string[] {
  return suites.length > 0 || distribution !== "debian" ? suites : ["sid"];
}

function wider(options: DistributionOptions, machine: AptMachine, arch: string): Promise<Apt> {
  return privateApt(options.root, arch, machine, suitesOf(options, machine), options.environment);
}
