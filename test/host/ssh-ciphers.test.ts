import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cipherOptions, mayChooseCiphers } from "../../src/host/ssh-ciphers.js";

describe("ciphers for ssh", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "quorate-ciphers-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const config = async (text: string): Promise<string> => {
    const file = join(folder, "config");
    await writeFile(file, text);
    return file;
  };

  it.each([
    ["Ciphers aes256-ctr", true],
    ["Host a\n  ciphers=aes256-ctr", true],
    ["Host a\n\tCIPHERS +aes128-cbc", true],
    ["# Ciphers aes256-ctr\nHost a\n  User ann", false],
    ["", false],
    ["Include FOLDER/*.conf", true],
    ["Include FOLDER/none-*.conf", false],
    ["Include FOLDER/plain FOLDER/chosen.conf", true],
    ["include FOLDER/plain", false],
    ["Include FOLDER/absent", false],
    ["Include config.d/*", true],
    ["Include ~/.ssh/more", true],
    ["Include /etc/*/ssh", true],
    ["Include FOLDER/config", true],
  ])("are left to a configuration that may have chosen them: %j", async (text, chosen) => {
    await writeFile(join(folder, "chosen.conf"), "Host *\n  Ciphers aes256-ctr\n");
    await writeFile(join(folder, "plain"), "Host *\n  User ann\n");
    expect(mayChooseCiphers(await config(text.replaceAll("FOLDER", folder)))).toBe(chosen);
  });

  it("are left alone when there is no such file", () => {
    expect(mayChooseCiphers(join(folder, "absent"))).toBe(false);
  });

  it("are never named beside a choice of the operator's", async () => {
    expect(cipherOptions({ QUORATE_SSH_CONFIG: await config("Ciphers aes256-ctr\n") })).toEqual([]);
  });

  it("are ones that ssh knows, and as many as it offers itself", async () => {
    const file = await config("");
    const offered = (...options: string[]): string[] => {
      const { stdout } = spawnSync("ssh", ["-G", "-F", file, ...options, "h"], { encoding: "utf8" });
      return (/^ciphers (\S+)$/m.exec(stdout)?.[1] ?? "").split(",").sort();
    };
    expect(offered(...cipherOptions({ QUORATE_SSH_CONFIG: file }))).toEqual(offered());
    expect(offered().length).toBeGreaterThan(3);
  });
});
