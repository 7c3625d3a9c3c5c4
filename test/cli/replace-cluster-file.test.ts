import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replaceClusterFile } from "../../src/cli/replace-cluster-file.js";

describe("a cluster file that is replaced", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "quorate-replace-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("keeps its mode, and leaves nothing beside it", async () => {
    const path = join(folder, "cluster.yaml");
    await writeFile(path, "old\n", { mode: 0o640 });
    await replaceClusterFile(path, "new\n");
    expect(await readFile(path, "utf8")).toBe("new\n");
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(["cluster.yaml"]);
  });

  it("is replaced where it is when its name is a link", async () => {
    const [path, place] = [join(folder, "cluster.yaml"), join(folder, "kept-in-git.yaml")];
    await writeFile(place, "old\n");
    await symlink(place, path);
    await replaceClusterFile(path, "new\n");
    expect(await readFile(place, "utf8")).toBe("new\n");
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
  });

  it("is written where there is none", async () => {
    const path = join(folder, "cluster.yaml");
    await replaceClusterFile(path, "new\n");
    expect(await readFile(path, "utf8")).toBe("new\n");
  });

  it("leaves nothing beside what it cannot replace", async () => {
    await mkdir(join(folder, "cluster.yaml"));
    await expect(replaceClusterFile(join(folder, "cluster.yaml"), "new\n")).rejects.toThrow("EISDIR");
    expect(await readdir(folder)).toEqual(["cluster.yaml"]);
  });
});
