import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { quorate, type Said, type Sitting } from "../cli/memory-terminal.js";

describe("`quorate adopt`", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "quorate-adopt-verb-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const adopt = (argv: readonly string[], sitting: Sitting = {}): Promise<Said> =>
    quorate(["adopt", ...argv], { cwd: folder, ...sitting });

  test("overwrites no cluster file", async () => {
    writeFileSync(join(folder, "cluster.yaml"), "name: mine\n");
    const said = await adopt(["10.64.3.7"]);
    expect(said.code).toBe(1);
    expect(said.err).toContain("E_FILE_EXISTS");
  });

  test("wants a host, and one that is one", async () => {
    expect((await adopt([])).err).toContain("E_USAGE");
    expect((await adopt(["-x"])).err).toContain("E_USAGE");
    expect((await adopt(["a b"])).err).toContain('"a b" names no host');
    expect((await adopt(["a", "ops@a"])).err).toContain("a is named twice");
  });

  test("reads etcdctl's variables, and says what is wrong with the files that they name", async () => {
    const said = await adopt(["a"], { env: { ETCDCTL_CACERT: "ca.pem" } });
    expect(said.err).toContain("E_TLS_FILE");
    expect(said.err).toContain("ca.pem");
    expect((await adopt(["a", "--cert", "c.pem"])).err).toContain("--cert was given without --cacert");
  });

  test("leaves nothing behind when it fails", async () => {
    await adopt(["a b"]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
