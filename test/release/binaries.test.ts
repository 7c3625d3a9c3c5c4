import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { thisArch } from "../../src/release/arch.js";
import { provenBinaries, versionOf } from "../../src/release/binaries.js";
import { failure } from "./support/failure.js";
import { freshFolder, putBinaries, putProgram } from "./support/folders.js";
import { tinyElf } from "./support/tiny-elf.js";

const foreign = thisArch() === "s390x" ? "amd64" : "s390x";

describe("the binaries of a folder", () => {
  test("are asked for their version and listed with their digests", async () => {
    const folder = await putBinaries(await freshFolder(), "3.5.30");
    const binaries = await provenBinaries(folder, "3.5.30", thisArch());
    expect(binaries.map(({ name }) => name)).toEqual(["etcd", "etcdctl", "etcdutl"]);
    for (const { sha256, size } of binaries) expect([sha256.length, size > 100]).toEqual([64, true]);
  });

  test("of 3.4 have no etcdutl, and that is well", async () => {
    const folder = await putBinaries(await freshFolder(), "3.4.45");
    expect((await provenBinaries(folder, "3.4.45", thisArch())).map(({ name }) => name)).toEqual(["etcd", "etcdctl"]);
  });

  test("for another machine cannot be asked, but must contain the version", async () => {
    const folder = await putBinaries(await freshFolder(), "3.5.30", foreign);
    expect(await provenBinaries(folder, "3.5.30", foreign)).toHaveLength(3);
    const error = await failure(() => provenBinaries(folder, "3.5.31", foreign));
    expect(error.code).toBe("E_RELEASE_BINARY");
  });

  test("of another version are refused, etcdctl as well", async () => {
    const folder = await putBinaries(await freshFolder(), "3.5.30");
    await putBinaries(join(folder, "other"), "3.4.23");
    await writeFile(join(folder, "etcdctl"), tinyElf(thisArch(), "etcdctl version: 3.4.23\n"));
    const error = await failure(() => provenBinaries(folder, "3.5.30", thisArch()));
    expect(error).toMatchObject({ code: "E_RELEASE_BINARY", details: { expected: "3.5.30", found: "3.4.23" } });
    expect(error.message).toContain("etcdctl");
  });

  test("for another architecture are refused before they are run", async () => {
    const folder = await putBinaries(await freshFolder(), "3.5.30", foreign);
    const error = await failure(() => provenBinaries(folder, "3.5.30", thisArch()));
    expect(error).toMatchObject({ code: "E_RELEASE_ARCH", details: { expected: thisArch(), found: `for ${foreign}` } });
  });

  test("lacking etcdctl are refused", async () => {
    const folder = await putBinaries(await freshFolder(), "3.5.30");
    await rm(join(folder, "etcdctl"));
    const error = await failure(() => provenBinaries(folder, "3.5.30", thisArch()));
    expect(error.message).toBe("there is no etcdctl in it");
  });
});

describe("a binary that does not run", () => {
  test("because it may not says so", async () => {
    const folder = await putBinaries(await freshFolder(), "3.5.30");
    await chmod(join(folder, "etcd"), 0o644);
    const error = await failure(() => versionOf(join(folder, "etcd")));
    expect(error.code).toBe("E_RELEASE_BINARY");
    expect(error.message).toContain("noexec");
  });

  test("because of its own trouble is quoted", async () => {
    const folder = await freshFolder();
    await putProgram(folder, "etcd", "echo 'etcd: version `GLIBC_2.34` not found' >&2; exit 1");
    const error = await failure(() => versionOf(join(folder, "etcd")));
    expect(error.message).toContain("GLIBC_2.34");
  });
});
