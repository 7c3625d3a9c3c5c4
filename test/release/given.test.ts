import { chmod, mkdir, readdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { thisArch } from "../../src/release/arch.js";
import { givenSource } from "../../src/release/sources/given.js";
import { failure } from "./support/failure.js";
import { freshFolder, putBinaries } from "./support/folders.js";
import { releaseTarball } from "./support/tarball.js";

const arch = thisArch();
const other = arch === "amd64" ? "arm64" : "amd64";

let cacheFolder: string;

beforeEach(async () => {
  cacheFolder = await freshFolder();
});

async function obtain(path: string, version: string, wanted = arch): Promise<string[]> {
  const into = await freshFolder();
  await givenSource(path, cacheFolder).obtain({ version, arch: wanted, into, progress: () => undefined });
  return (await readdir(into)).sort();
}

/** Root may read everything, so the work is done as another user where the tests run as root. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65534);
  return work().finally(() => {
    if (root) process.seteuid?.(0);
  });
}

describe("a given folder", () => {
  test("of binaries is asked for its version", async () => {
    const folder = await putBinaries(await freshFolder(), "3.5.30");
    expect(await givenSource(folder, cacheFolder).offers(arch)).toEqual(["3.5.30"]);
    expect(await givenSource(folder, cacheFolder).offers(other)).toEqual([]);
    expect(await obtain(folder, "3.5.30")).toEqual(["etcd", "etcdctl", "etcdutl"]);
  });

  test("of archives offers each by its name", async () => {
    const folder = await freshFolder();
    for (const [version, one] of [
      ["3.5.30", arch],
      ["3.6.14", arch],
      ["3.6.14", "s390x"],
    ] as const) {
      await writeFile(join(folder, `etcd-v${version}-linux-${one}.tar.gz`), releaseTarball(version, one));
    }
    await writeFile(join(folder, "README.md"), "for the air gap");
    expect((await givenSource(folder, cacheFolder).offers(arch)).toSorted()).toEqual(["3.5.30", "3.6.14"]);
    expect(await givenSource(folder, cacheFolder).offers("s390x")).toEqual(["3.6.14"]);
    expect(await obtain(folder, "3.6.14", "s390x")).toEqual(["etcd", "etcdctl", "etcdutl"]);
  });

  test("of binaries for another machine must be called what its archive is called", async () => {
    const folder = await putBinaries(join(await freshFolder(), "bin"), "3.5.30", other);
    const error = await failure(() => givenSource(folder, cacheFolder).offers(other));
    expect(error.code).toBe("E_RELEASE_GIVEN");
    expect(error.next).toContain(`etcd-v3.5.30-linux-${other}`);
    const named = join(folder, "..", `etcd-v3.5.30-linux-${other}`);
    await rename(folder, named);
    expect(await givenSource(named, cacheFolder).offers(other)).toEqual(["3.5.30"]);
  });

  test("that holds another version or architecture says what it holds", async () => {
    const folder = await putBinaries(await freshFolder(), "3.4.45");
    const wrongVersion = await failure(() => obtain(folder, "3.5.30"));
    expect(wrongVersion.code).toBe("E_RELEASE_UNREACHABLE");
    expect(wrongVersion.message).toContain(`holds etcd 3.4.45 for ${arch}, and 3.5.30 for ${arch} is wanted`);
    expect((await failure(() => obtain(folder, "3.4.45", other))).code).toBe("E_RELEASE_ARCH");
  });

  test.each([
    ["without anything", async (): Promise<string> => freshFolder(), "holds no etcd"],
    ["that is not there", async (): Promise<string> => join(await freshFolder(), "nowhere"), "there is nothing at"],
    [
      "of archives for other systems",
      async (): Promise<string> => {
        const file = join(await freshFolder(), "etcd-v3.5.30-darwin-arm64.zip");
        await writeFile(file, "zip");
        return file;
      },
      "is not an archive for Linux",
    ],
  ])("%s is refused", async (_what, make, words) => {
    const path = await make();
    const error = await failure(() => givenSource(path, cacheFolder).offers(arch));
    expect(error.code).toBe("E_RELEASE_GIVEN");
    expect(error.message).toContain(words);
    expect(error.details.where).toBe(path);
  });

  test("whose etcd is a script is refused", async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, "etcd"), "#!/bin/sh\nexec /opt/etcd/etcd\n");
    expect((await failure(() => givenSource(folder, cacheFolder).offers(arch))).code).toBe("E_RELEASE_ARCH");
  });

  test("that this user may not read is named", async () => {
    const parent = await freshFolder();
    await chmod(parent, 0o755);
    const folder = join(parent, "closed");
    await mkdir(folder, { mode: 0o000 });
    const error = await asNobody(() => failure(() => givenSource(folder, cacheFolder).offers(arch)));
    expect(error.code).toBe("E_RELEASE_GIVEN");
    expect(error.message).toContain("cannot be read by this user");
  });
});

describe("a given archive", () => {
  test("may have been renamed: its top folder says what it is", async () => {
    const file = join(await freshFolder(), "etcd.tar.gz");
    await writeFile(file, releaseTarball("3.5.30", arch));
    expect(await givenSource(file, cacheFolder).offers(arch)).toEqual(["3.5.30"]);
    expect(await obtain(file, "3.5.30")).toHaveLength(3);
  });

  test("is checked against SHA256SUMS beside it", async () => {
    const folder = await freshFolder();
    const name = `etcd-v3.5.30-linux-${arch}.tar.gz`;
    await writeFile(join(folder, name), releaseTarball("3.5.30", arch));
    await writeFile(join(folder, "SHA256SUMS"), `${"2".repeat(64)}  ${name}\n`);
    const error = await failure(() => obtain(join(folder, name), "3.5.30"));
    expect(error.code).toBe("E_RELEASE_DIGEST");
    expect(error.details.expected).toContain("SHA256SUMS beside it");
  });

  test("is checked against the digest pinned in quorate", async () => {
    const file = join(await freshFolder(), "etcd-v3.6.14-linux-arm64.tar.gz");
    await writeFile(file, releaseTarball("3.6.14", "arm64"));
    const error = await failure(() => obtain(file, "3.6.14", "arm64"));
    expect(error.details.expected).toContain("quorate's catalogue");
  });

  test("has an identity that follows its content", async () => {
    const folder = await freshFolder();
    const files = ["a.tar.gz", "b.tar.gz", "c.tar.gz"].map((name) => join(folder, name));
    await writeFile(files[0] ?? "", releaseTarball("3.5.30", arch));
    await symlink(files[0] ?? "", files[1] ?? "");
    await writeFile(files[2] ?? "", releaseTarball("3.5.30", other));
    const [a, b, none] = await Promise.all(
      files.map((file) => givenSource(file, cacheFolder).identity?.("3.5.30", arch)),
    );
    expect(a).toMatch(/^[0-9a-f]{64}$/);
    expect(b).toBe(a);
    expect(none).toBeUndefined();
  });
});

describe("given Debian packages", () => {
  test("are a server package with its client package beside it", async () => {
    const folder = await freshFolder();
    const server = join(folder, "etcd-server_3.5.30-2_s390x.deb");
    await writeFile(server, "");
    const error = await failure(() => givenSource(server, cacheFolder).offers("s390x"));
    expect(error.message).toContain("etcd-client_3.5.30-2_s390x.deb is not beside it");
    await writeFile(join(folder, "etcd-client_3.5.30-2_s390x.deb"), "");
    expect(await givenSource(server, cacheFolder).offers("s390x")).toEqual(["3.5.30"]);
    expect(await givenSource(folder, cacheFolder).offers("s390x")).toEqual(["3.5.30"]);
  });
});
