/**
 * etcd's packages through apt: which versions its lists name, and their download. Needs no root and installs nothing.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { QuorateError } from "../../errors.js";
import { runTool, troubleOf } from "../tool.js";
import type { Progress } from "../sources/source.js";
import { upstreamVersion } from "./debian-version.js";

/** A server package and the client package that goes with it. */
export interface PackagePair {
  /** etcd's own version. */
  readonly version: string;
  /** Package versions, such as 3.5.30-2. */
  readonly server: string;
  readonly client: string;
}

/** A downloaded package, and the digest that apt's signed index gives it, where it gives a SHA-256. */
export interface Package {
  readonly name: string;
  readonly file: string;
  readonly indexed: string | undefined;
}

const minutes = 60_000;

/** Settings for every call: no wish to be another user, and a dead archive gives way soon. */
const always = [
  ["APT::Sandbox::User", "root"],
  ["Acquire::Retries", "1"],
  ["Acquire::http::Timeout", "10"],
  ["Acquire::https::Timeout", "10"],
].flatMap(([name, value]) => ["-o", `${name}=${value}`]);

/** @param options further arguments for every call, such as the settings file of a private apt. */
export function openApt(environment: NodeJS.ProcessEnv, options: readonly string[]): Apt {
  return new Apt(environment, [...options, ...always]);
}

export class Apt {
  constructor(
    private readonly environment: NodeJS.ProcessEnv,
    private readonly options: readonly string[],
  ) {}

  /** What apt's lists name now. Never uses the network. @throws QuorateError E_RELEASE_UNREACHABLE */
  async pairs(): Promise<readonly PackagePair[]> {
    const listed = await this.run("apt-cache", ["madison", "etcd-server", "etcd-client"], 1 * minutes);
    return parseMadison(listed);
  }

  /** Brings the lists up to date. @throws QuorateError E_RELEASE_UNREACHABLE when not all of them could be. */
  async update(): Promise<void> {
    await this.run("apt-get", ["update", "--quiet=2"], 5 * minutes);
  }

  /** @param into the folder that the two packages land in. @throws QuorateError E_RELEASE_UNREACHABLE */
  async download(pair: PackagePair, into: string, progress: Progress): Promise<readonly Package[]> {
    const wanted = [`etcd-server=${pair.server}`, `etcd-client=${pair.client}`];
    const listed = parseUris(await this.run("apt-get", ["download", "--print-uris", ...wanted], 1 * minutes));
    const total = listed.reduce((sum, file) => sum + file.size, 0);
    const report = async (): Promise<void> => progress(await bytesIn(into), total, `etcd ${pair.version} package`);
    const watch = setInterval(() => void report(), 250);
    try {
      await this.run("apt-get", ["download", "--quiet=2", ...wanted], 15 * minutes, into);
    } finally {
      clearInterval(watch);
    }
    await report();
    return listed.map(({ name, sha256 }) => ({ name, file: join(into, name), indexed: sha256 }));
  }

  private async run(program: string, argv: readonly string[], patience: number, cwd?: string): Promise<string> {
    const where = cwd === undefined ? {} : { cwd };
    const result = await runTool(program, [...argv, ...this.options], {
      environment: this.environment,
      patience,
      ...where,
    });
    if (result.code === 0) return result.stdout;
    throw new QuorateError("E_RELEASE_UNREACHABLE", troubleOf(program, result), { where: program });
  }
}

/** Reads `apt-cache madison`: package | version | where. A pair is a server with the client nearest to it. */
export function parseMadison(text: string): readonly PackagePair[] {
  const rows = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const versionsOf = (name: string): string[] =>
    rows.flatMap(([row, version]) => (row === name && version ? [version] : []));
  const clients = versionsOf("etcd-client");
  return [...new Set(versionsOf("etcd-server"))].flatMap((server) => {
    const version = upstreamVersion(server);
    const client = clients.find((one) => one === server) ?? clients.find((one) => upstreamVersion(one) === version);
    return version === undefined || client === undefined ? [] : [{ version, server, client }];
  });
}

/** Reads `apt-get download --print-uris`: 'URL' name size SHA256:digest. */
export function parseUris(
  text: string,
): readonly { url: string; name: string; size: number; sha256: string | undefined }[] {
  return [...text.matchAll(/^'([^']+)' (\S+) (\d+)(?: (\S+))?$/gm)].map(
    ([, url = "", name = "", size = "0", digest]) => ({
      url,
      name,
      size: Number(size),
      sha256: /^SHA256:([0-9a-f]{64})$/i.exec(digest ?? "")?.[1]?.toLowerCase(),
    }),
  );
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
