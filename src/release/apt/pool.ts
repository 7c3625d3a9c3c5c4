/**
 * A package with a pinned digest, straight from the pool of the machine's own archive: no lists need to be fetched
 * for it.
 */
import { join } from "node:path";
import { QuorateError } from "../../errors.js";
import { architecture } from "../arch.js";
import { catalogued, cataloguedNames } from "../catalogue.js";
import type { Order } from "../sources/source.js";
import { runTool, troubleOf } from "../tool.js";
import type { Package } from "./apt.js";
import { upstreamVersion } from "./debian-version.js";
import type { AptMachine } from "./machine.js";

/**
 * @returns undefined when no such package is pinned, or this machine does not use a Debian archive.
 * @throws QuorateError E_RELEASE_UNREACHABLE, also when the archive has moved on and no longer holds the file.
 */
export async function pinnedPackages(
  machine: AptMachine,
  { version, arch, progress }: Order,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Package[] | undefined> {
  const names = pinnedNames(version, architecture(arch).debian);
  const base = archiveOf(machine);
  if (names.length !== 2 || base === undefined) return undefined;
  const packages: Package[] = [];
  for (const name of names) {
    progress(0, undefined, `downloading ${name}`);
    const file = join(folder, name);
    const url = `${base}/pool/main/e/etcd/${name.replaceAll("+", "%2b")}`;
    const argv = ["-o", "APT::Sandbox::User=root", "download-file", url, file, `SHA256:${catalogued(name)}`];
    const result = await runTool(machine.downloader, argv, { environment, patience: 15 * 60_000 });
    if (result.code !== 0)
      throw new QuorateError("E_RELEASE_UNREACHABLE", troubleOf("apt-helper", result), { where: url });
    packages.push({ name, file, indexed: undefined });
  }
  return packages;
}

function pinnedNames(version: string, debianArch: string): readonly string[] {
  return cataloguedNames().filter((name) => {
    const found = /^etcd-(?:server|client)_([^_]+)_([a-z0-9]+)\.deb$/.exec(name);
    return found?.[1] !== undefined && found[2] === debianArch && upstreamVersion(found[1]) === version;
  });
}

function archiveOf(machine: AptMachine): string | undefined {
  if (machine.distribution !== "debian") return undefined;
  const own = machine.sources.filter(
    (source) => source.components.includes("main") && source.suites.some((suite) => suite === machine.codename),
  );
  return own
    .flatMap((source) => source.uris)
    .find((uri) => /^https?:\/\//.test(uri))
    ?.replace(/\/$/, "");
}
