/** What has to be known of this machine to use its apt: its settings, its architecture, its release. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { QuorateError } from "../../errors.js";
import { architectures } from "../arch.js";
import { reach } from "../reach.js";
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
  /** URLs that apt connects to: its proxy, or else its archives. Empty when that cannot be told from its settings. */
  readonly dials: readonly string[];
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
  const sources = await readAptSources(settings);
  return {
    arch: architectures.find((known) => known.debian === debian)?.name,
    distribution: words.get("ID"),
    codename: words.get("VERSION_CODENAME"),
    sources,
    dials: dialsOf(settings, sources, environment),
    downloader: join(dirname(settings.get("Dir::Bin::methods") ?? "/usr/lib/apt/methods"), "apt-helper"),
  };
}

/**
 * @throws QuorateError E_RELEASE_UNREACHABLE when neither the proxy nor any archive answers; apt itself would take
 * minutes to say so.
 */
export async function reachArchive({ dials }: AptMachine): Promise<void> {
  if (dials.length === 0) return;
  await Promise.any(dials.map((url) => reach(url))).catch((error: AggregateError) => Promise.reject(error.errors[0]));
}

function dialsOf(
  settings: ReadonlyMap<string, string>,
  sources: readonly AptSource[],
  environment: NodeJS.ProcessEnv,
): readonly string[] {
  const uris = [...new Set(sources.flatMap((source) => source.uris))];
  const names = [...settings.keys()];
  const asksProgram = names.some((name) => /^Acquire::https?::Proxy-Auto-?Detect$/i.test(name));
  if (asksProgram || uris.some((uri) => !/^(https?|cdrom):/.test(uri))) return [];
  const proxies = names
    .filter((name) => /^Acquire::https?::Proxy(::|$)/i.test(name))
    .map((name) => settings.get(name) ?? "");
  const fromEnvironment = ["http_proxy", "https_proxy", "all_proxy"].map((name) => environment[name] ?? "");
  const proxy = [...proxies, ...fromEnvironment].filter((value) => value !== "" && value !== "DIRECT");
  return (proxy.length > 0 ? proxy : uris).filter((url) => /^https?:/.test(url));
}

/** Reads os-release: NAME=value with optional quotes. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const rows = [...text.matchAll(/^([A-Z_]+)=(["']?)(.*)\2$/gm)];
  return new Map(rows.map(([, name = "", , value = ""]) => [name, value]));
}
