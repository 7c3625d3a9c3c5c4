/**
 * A second apt of our own in the cache folder, for suites that this machine does not use: its own lists and settings,
 * but the archives, keys, proxies and passwords of the machine's apt. Nothing of the machine's own state is read or
 * written.
 */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { QuorateError } from "../../errors.js";
import { architecture } from "../arch.js";
import { holding } from "../lock.js";
import { openApt, type Apt } from "./apt.js";
import type { AptMachine } from "./machine.js";
import type { AptSource } from "./settings.js";

/** Lists are asked for again when older than this. */
const freshFor = 6 * 3_600_000;

/**
 * Opens the private apt for one architecture, with lists that are up to date.
 * @param suites looked in besides the machine's own.
 * @throws QuorateError E_RELEASE_UNREACHABLE when no list at all can be had.
 */
export async function privateApt(
  root: string,
  arch: string,
  machine: AptMachine,
  suites: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Apt> {
  const text = privateSources(machine.sources, machine.codename, suites);
  if (text === undefined) {
    throw new QuorateError("E_RELEASE_UNREACHABLE", "apt's settings name no archive of this distribution", {
      where: "apt",
    });
  }
  const folder = join(root, "apt", arch);
  return holding(root, `apt-${arch}`, async () => {
    for (const name of ["state/lists/partial", "cache/archives/partial"])
      await mkdir(join(folder, name), { recursive: true });
    const before = await readFile(join(folder, "quorate.sources"), "utf8").catch(() => "");
    await writeFile(join(folder, "state", "status"), "");
    await writeFile(join(folder, "apt.conf"), settingsFor(folder, architecture(arch).debian));
    await writeFile(join(folder, "quorate.sources"), text);
    const apt = openApt(environment, ["-c", join(folder, "apt.conf")]);
    const age = await stat(join(folder, "updated")).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => Infinity,
    );
    if (before !== text || age > freshFor) await refresh(apt, folder);
    return apt;
  });
}

/** A suite that one of the archives does not have is no reason to do without the others. */
async function refresh(apt: Apt, folder: string): Promise<void> {
  try {
    await apt.update();
  } catch (error) {
    if ((await apt.pairs()).length === 0) throw error;
  }
  await writeFile(join(folder, "updated"), `${new Date().toISOString()}\n`);
}

/** Hooks of the machine, such as one that empties its package cache after an update, are none of our business. */
function settingsFor(folder: string, debianArch: string): string {
  return `#clear APT::Architectures;
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Architecture "${debianArch}";
APT::Architectures { "${debianArch}"; };
APT::Default-Release "";
Acquire::GzipIndexes "true";
Dir::State "${folder}/state/";
Dir::State::status "${folder}/state/status";
Dir::Cache "${folder}/cache/";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Etc::sourcelist "${folder}/quorate.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
`;
}

/**
 * The entry for the distribution's own archive, widened to further suites, for a private apt.
 * @param codename of this machine's release, such as bookworm.
 * @returns text of a *.sources file; undefined when no entry fits.
 */
export function privateSources(
  sources: readonly AptSource[],
  codename: string | undefined,
  suites: readonly string[],
): string | undefined {
  const rolling = ["stable", "testing", "unstable", "sid", "oldstable"];
  const own = sources.filter(
    (source) =>
      source.components.includes("main") &&
      source.suites.some((suite) => suite === codename || (codename === undefined && rolling.includes(suite))),
  );
  const chosen =
    own.length > 0 ? own : sources.filter((source) => source.suites.some((suite) => rolling.includes(suite)));
  const paragraphs = chosen.map((source) => {
    const base = source.suites.filter((suite) => suite === codename || rolling.includes(suite));
    const kept = Object.entries(source.fields).filter(
      ([name]) => !/^(Arch|Architectures|Lang|Languages|Targets|Target|Pdiffs)$/.test(name),
    );
    return [
      "Types: deb",
      `URIs: ${source.uris.filter((uri) => !uri.startsWith("cdrom:")).join(" ")}`,
      `Suites: ${[...new Set([...base, ...suites])].join(" ")}`,
      `Components: ${source.components.filter((component) => /^(main|universe)$/.test(component)).join(" ")}`,
      "Targets: Packages",
      "PDiffs: no",
      ...kept.map(([name, value]) => `${name}: ${value}`),
    ].join("\n");
  });
  return paragraphs.length === 0 ? undefined : `${paragraphs.join("\n\n")}\n`;
}
