import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildSource } from "../../src/release/sources/build.js";
import { failure } from "./support/failure.js";
import { freshFolder, putProgram } from "./support/folders.js";

/** A Go that writes what it was asked into the file that it should build. */
async function fakeGo(script: string): Promise<{ environment: NodeJS.ProcessEnv; log: string }> {
  const folder = await freshFolder();
  const log = join(folder, "log");
  await putProgram(folder, "go", `echo "$CGO_ENABLED $GOOS $GOARCH $GOFLAGS: $*" >> ${log}\n${script}`);
  return { environment: { PATH: `${folder}:/usr/bin:/bin`, GOFLAGS: "-buildvcs=false" }, log };
}

describe("a build from etcd's modules", () => {
  test("asks for the three modules at one version and builds each for the wanted architecture", async () => {
    const { environment, log } = await fakeGo('[ "$1" = build ] && cat go.mod > "$6"; exit 0');
    const into = await freshFolder();
    const said: string[] = [];
    const order = {
      version: "3.6.14",
      arch: "arm64",
      into,
      progress: (_done: number, _total: unknown, what: string) => said.push(what),
    };
    const { source } = await buildSource(environment).obtain(order);
    expect(source).toBe("build: go.etcd.io/etcd v3.6.14, by the Go of this machine");
    expect((await readdir(into)).sort()).toEqual(["etcd", "etcdctl", "etcdutl"]);
    expect(await readFile(join(into, "etcd"), "utf8")).toContain("go.etcd.io/etcd/server/v3 v3.6.14\n");
    const calls = (await readFile(log, "utf8")).trim().split("\n");
    const setting = "0 linux arm64 -buildvcs=false -mod=mod:";
    expect(calls[0]).toBe("-buildvcs=false -mod=mod: env GOPROXY");
    const modules = ["server", "etcdctl", "etcdutl"].map((module) => `go.etcd.io/etcd/${module}/v3@v3.6.14`);
    expect(calls[1]).toBe(`${setting} get ${modules.join(" ")}`);
    expect(calls[2]).toBe(`${setting} build -trimpath -ldflags -s -w -o ${into}/etcd go.etcd.io/etcd/server/v3`);
    expect(calls).toHaveLength(5);
    expect(said.at(-1)).toBe("building etcdutl 3.6.14 for arm64; this takes minutes");
  });

  test("offers the final versions that the module proxy lists", async () => {
    const { environment } = await fakeGo("echo go.etcd.io/etcd/server/v3 v3.5.0-alpha.0 v3.5.30 v3.6.14");
    expect(await buildSource(environment).offers("amd64")).toEqual(["3.5.30", "3.6.14"]);
  });

  test("leaves nothing behind when it fails, and quotes Go", async () => {
    const { environment } = await fakeGo(`[ "$1" = env ] || { echo "go: unknown revision" >&2; exit 1; }`);
    const into = await freshFolder();
    const order = { version: "3.6.14", arch: "amd64", into, progress: () => undefined };
    const error = await failure(() => buildSource(environment).obtain(order));
    expect(error).toMatchObject({
      code: "E_RELEASE_UNREACHABLE",
      message: expect.stringContaining("go failed (exit 1): go: unknown revision"),
    });
    expect(await readdir(into)).toEqual([]);
  });

  test("uses only modules that Go has kept where the module proxy does not answer", async () => {
    const { environment } = await fakeGo(
      '[ "$1" = env ] && echo http://127.0.0.1:1,direct || { echo "GOPROXY=$GOPROXY" >&2; exit 1; }',
    );
    const error = await failure(() => buildSource(environment).offers("amd64"));
    expect(error.message).toBe("the module proxy cannot be reached; go failed (exit 1): GOPROXY=off");
  });

  test("is not tried for lines without modules, nor without Go", async () => {
    const { environment } = await fakeGo("exit 0");
    const order = { version: "3.4.45", arch: "amd64", into: await freshFolder(), progress: () => undefined };
    expect((await failure(() => buildSource(environment).obtain(order))).message).toContain("from 3.5 on");
    expect((await failure(async () => buildSource({ PATH: await freshFolder() }).offers("amd64"))).message).toBe(
      "go is not installed",
    );
  });
});
