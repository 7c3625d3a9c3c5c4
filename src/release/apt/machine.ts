/** What has to be known of this machine to use its apt: its settings, its architecture, its release. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { QuorateError } from "../../errors.js";
import { architectures } from "../arch.js";
import { runTool, troubleOf } from "../tool.js";
import { parseAptConfig, readAptSources, type AptSource } from "./settings.js";

export interface AptMachine {
  /** GOARCH of the packages that this machine's own apt lists. */
  readonly arch: string | undefined;
  /** ID of os-release, such as debian. */
  readonly distribution: string | undefined;
  /** VERSION_CODENAME of os-release, such as bookworm. */
  readonly codename: string | undefined;
  readonly sources: readonly AptSource[];
  /** apt's own downloader, which knows its proxies and passwords. */
  readonly downloader: string;
}

/** @throws QuorateError E_RELEASE_UNREACHABLE when there is no apt. */
export async function aptMachine(environment: NodeJS.ProcessEnv, osRelease = "/etc/os-release"): Promise<AptMachine> {
  const dumped = await runTool("apt-config", ["dump"], { environment, patience: 20_000 });
  if (dumped.code !== 0) {
    const why = dumped.trouble === "ENOENT" ? "this machine has no apt" : troubleOf("apt-config", dumped);
    throw new QuorateError("E_RELEASE_UNREACHABLE", why, { where: "apt-config" });
  }
  const settings = parseAptConfig(dumped.stdout);
  const words = parseOsRelease(await readFile(osRelease, "utf8").catch(() => ""));
  const debian = settings.get("APT::Architecture");
  return {
    arch: architectures.find((known) => known.debian === debian)?.name,
    distribution: words.get("ID"),
    codename: words.get("VERSION_CODENAME"),
    sources: await readAptSources(settings),
    downloader: join(dirname(settings.get("Dir::Bin::methods") ?? "/usr/lib/apt/methods"), "apt-helper"),
  };
}

/** Reads os-release: NAME=value with optional quotes. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const rows = [...text.matchAll(/^([A-Z_]+)=(["']?)(.*)\2$/gm)];
  return new Map(rows.map(([, name = "", , value = ""]) => [name, value]));
}
