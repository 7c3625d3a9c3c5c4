/**
 * A build with an installed Go: etcd's own modules, fetched through the module proxy that Go is set up for and
 * checked by Go against its checksum database. Comes last because it takes minutes. Modules exist from etcd 3.5 on.
 */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { QuorateError } from "../../errors.js";
import { discard } from "../binaries.js";
import { reach } from "../reach.js";
import { runTool, troubleOf } from "../tool.js";
import { compareVersions, isExactVersion } from "../versions.js";
import type { Obtained, Order, Source } from "./source.js";

const modules = { etcd: "server", etcdctl: "etcdctl", etcdutl: "etcdutl" } as const;
const listPatience = 15_000;
const buildPatience = 30 * 60_000;

export function buildSource(environment: NodeJS.ProcessEnv): Source {
  return {
    name: "build",
    async offers() {
      const argv = ["list", "-m", "-versions", "go.etcd.io/etcd/server/v3"];
      const listed = await go(argv, "/", await settingsOf(environment), listPatience);
      return listed
        .trim()
        .split(" ")
        .slice(1)
        .map((version) => version.replace(/^v/, ""))
        .filter(isExactVersion);
    },
    obtain: (order) => obtain(order, environment),
  };
}

async function obtain({ version, arch, into, progress }: Order, environment: NodeJS.ProcessEnv): Promise<Obtained> {
  if (compareVersions(version, "3.5.0") < 0) {
    throw new QuorateError("E_RELEASE_UNREACHABLE", "etcd can be built from its modules from 3.5 on", {
      found: version,
    });
  }
  const folder = await mkdtemp(join(into, "build-"));
  const setting = { ...(await settingsOf(environment)), CGO_ENABLED: "0", GOOS: "linux", GOARCH: arch };
  try {
    progress(0, undefined, `fetching the modules of etcd ${version}`);
    await writeFile(join(folder, "go.mod"), moduleFor(version));
    await mkdir(join(folder, "out"));
    const paths = Object.values(modules).map((name) => `go.etcd.io/etcd/${name}/v3@v${version}`);
    await go(["get", ...paths], folder, setting, buildPatience);
    for (const [binary, name] of Object.entries(modules)) {
      progress(0, undefined, `building ${binary} ${version} for ${arch}; this takes minutes`);
      const argv = ["build", "-trimpath", "-ldflags", "-s -w", "-o", join(into, binary), `go.etcd.io/etcd/${name}/v3`];
      await go(argv, folder, setting, buildPatience);
    }
  } finally {
    await discard(folder);
  }
  return { source: `build: go.etcd.io/etcd v${version}, by the Go of this machine`, archives: [] };
}

/**
 * Where the module proxy does not answer, only modules that Go has kept are used, so that it does not try for
 * minutes.
 */
async function settingsOf(environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const settings = { ...environment, GOFLAGS: `${environment["GOFLAGS"] ?? ""} -mod=mod`.trim() };
  const first = (await go(["env", "GOPROXY"], "/", settings, listPatience)).trim().split(/[,|]/)[0] ?? "";
  const proxied = ["HTTPS_PROXY", "https_proxy"].some((name) => environment[name] !== undefined);
  if (proxied || !/^https?:/.test(first)) return settings;
  return reach(first).then(
    () => settings,
    () => ({ ...settings, GOPROXY: "off" }),
  );
}

async function go(
  argv: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
  patience: number,
): Promise<string> {
  const result = await runTool("go", argv, { cwd, environment, patience });
  if (result.code === 0) return result.stdout;
  const closed = environment["GOPROXY"] === "off" ? "the module proxy cannot be reached; " : "";
  throw new QuorateError("E_RELEASE_UNREACHABLE", `${closed}${troubleOf("go", result)}`, { where: "go" });
}

function moduleFor(version: string): string {
  const requires = Object.values(modules).map((name) => `\tgo.etcd.io/etcd/${name}/v3 v${version}`);
  return `module quorate.invalid/etcd\n\ngo 1.21\n\nrequire (\n${requires.join("\n")}\n)\n`;
}
