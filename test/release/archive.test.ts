import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { topFolder, unpackPackage, unpackTarball } from "../../src/release/archive.js";
import { failure } from "./support/failure.js";
import { freshFolder, putProgram } from "./support/folders.js";
import { releaseTarball, tar, tarball, type Entry } from "./support/tarball.js";
import { tinyBinary } from "./support/tiny-elf.js";

const top = "etcd-v3.5.30-linux-amd64";
const etcd: Entry = { path: `${top}/etcd`, body: tinyBinary("etcd", "3.5.30", "amd64") };

/** Writes an archive and a folder to unpack it into. */
async function given(archive: Buffer): Promise<{ file: string; into: string }> {
  const into = await freshFolder();
  const file = join(await freshFolder(), "archive.tar.gz");
  await writeFile(file, archive);
  return { file, into };
}

describe("a release archive", () => {
  test("gives its binaries, ready to run, and nothing else", async () => {
    const { file, into } = await given(releaseTarball("3.5.30", "amd64"));
    expect(await unpackTarball(file, into)).toEqual(["etcd", "etcdctl", "etcdutl"]);
    expect((await readdir(into)).sort()).toEqual(["etcd", "etcdctl", "etcdutl"]);
    expect(await readFile(join(into, "etcdctl"))).toEqual(tinyBinary("etcdctl", "3.5.30", "amd64"));
    expect((await stat(join(into, "etcd"))).mode & 0o777).toBe(0o755);
    expect(await topFolder(file)).toBe(top);
  });

  test("may hold binaries of many blocks", async () => {
    const body = randomBytes(3_000_001);
    const { file, into } = await given(
      tarball([
        { ...etcd, body },
        { path: `${top}/etcdctl`, body: Buffer.from("x") },
      ]),
    );
    await unpackTarball(file, into);
    expect((await readFile(join(into, "etcd"))).equals(body)).toBe(true);
  });

  test.each<[string, Buffer, RegExp]>([
    ["cut short", releaseTarball("3.5.30", "amd64").subarray(0, 300), /cut short/],
    ["no archive at all", Buffer.from("<html>404</html>"), /incorrect header/],
    ["compressed rubbish", gzipSync(randomBytes(2000)), /cannot be used/],
    [
      "etcd as a symbolic link",
      tarball([{ path: `${top}/etcd`, type: "SymbolicLink", linkpath: "/bin/sh" }]),
      /etcd in it is a SymbolicLink/,
    ],
    [
      "etcd as a hard link",
      tarball([{ path: `${top}/etcd`, type: "Link", linkpath: "/etc/passwd" }]),
      /etcd in it is a Link/,
    ],
    ["a path that climbs out", tarball([{ path: "../../home/etcd", body: Buffer.from("x") }, etcd]), /points outside/],
    ["an absolute path", tarball([{ path: "/usr/local/bin/etcd", body: Buffer.from("x") }, etcd]), /points outside/],
    ["one binary twice", tarball([etcd, etcd]), /holds etcd twice/],
    ["a damaged header", damaged(tar([etcd])), /cannot be used/],
  ])("that is %s is refused", async (_what, archive, words) => {
    const { file, into } = await given(archive);
    const error = await failure(() => unpackTarball(file, into));
    expect(error.code).toBe("E_RELEASE_ARCHIVE");
    expect(error.message).toMatch(words);
  });

  test("that unpacks to far more than it should is stopped on the way", async () => {
    const { file, into } = await given(tarball([{ ...etcd, body: Buffer.alloc(20_000_000) }]));
    const error = await failure(() => unpackTarball(file, into, { bytes: 1_000_000, entries: 100 }));
    expect(error.message).toContain("unpacks to more than 1000000 bytes");
    const written = await stat(join(into, "etcd")).catch(() => ({ size: 0 }));
    expect(written.size).toBeLessThan(2_000_000);
  });

  test("of very many entries is stopped on the way", async () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ path: `${top}/Documentation/${index}.md` }));
    const { file, into } = await given(tarball(many));
    const error = await failure(() => unpackTarball(file, into, { bytes: 1 << 20, entries: 20 }));
    expect(error.message).toContain("more than 20 entries");
  });

  test("does not say what its top folder is when it is no archive", async () => {
    const { file } = await given(Buffer.from("no"));
    expect(await topFolder(file)).toBeUndefined();
  });
});

describe("a Debian package", () => {
  test("is unpacked through dpkg-deb, from usr/bin alone", async () => {
    const inside = tar([
      { path: "./usr/bin/", type: "Directory" },
      { path: "./usr/bin/etcd", body: Buffer.from("server") },
      { path: "./usr/share/etcd", body: Buffer.from("not this") },
      { path: "./usr/share/doc/link", type: "SymbolicLink", linkpath: "elsewhere" },
    ]);
    const { file, into } = await given(inside);
    const path = await programs('[ "$1" = --fsys-tarfile ] && exec cat "$2"');
    expect(await unpackPackage(file, into, { PATH: path })).toEqual(["etcd"]);
    expect(await readFile(join(into, "etcd"), "utf8")).toBe("server");
  });

  test("that dpkg-deb cannot read is refused in dpkg-deb's words", async () => {
    const { file, into } = await given(Buffer.from("x"));
    const path = await programs("echo 'dpkg-deb: error: not a Debian format archive' >&2; exit 2");
    const error = await failure(() => unpackPackage(file, into, { PATH: path }));
    expect(error.message).toContain("dpkg-deb exited 2: dpkg-deb: error: not a Debian format archive");
  });

  test("on a machine without dpkg-deb says so", async () => {
    const { file, into } = await given(Buffer.from("x"));
    const error = await failure(async () => unpackPackage(file, into, { PATH: await freshFolder() }));
    expect(error.message).toContain("dpkg-deb, which unpacks Debian packages, is not installed");
  });
});

async function programs(dpkgDeb: string): Promise<string> {
  const folder = await freshFolder();
  await putProgram(folder, "dpkg-deb", dpkgDeb);
  return `${folder}:/usr/bin:/bin`;
}

function damaged(archive: Buffer): Buffer {
  archive.write("etcx", 100);
  return gzipSync(archive);
}
