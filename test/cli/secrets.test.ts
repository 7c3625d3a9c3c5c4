import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { secretsOf } from "../../src/cli/secrets.js";
import { sit } from "./fake-sitting.js";

describe("a secret", () => {
  let folder = "";
  let file = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "quorate-secrets-"));
    file = join(folder, "password");
    writeFileSync(file, "correct horse\r\nsecond line\n", { mode: 0o600 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is the first line of the file that a flag names", async () => {
    const { sudoPassword } = secretsOf(sit().session, { sudoPasswordFile: file });
    expect((await sudoPassword("a")).reveal()).toBe("correct horse");
  });

  it("is the first line of the file that the environment names", async () => {
    const { sudoPassword } = secretsOf(sit({ env: { QUORATE_SUDO_PASSWORD_FILE: file } }).session, {});
    expect((await sudoPassword("a")).reveal()).toBe("correct horse");
  });

  it("is asked for once, whatever the number of hosts", async () => {
    const sitting = sit({ interactive: true });
    sitting.type("battery staple");
    const { sudoPassword } = secretsOf(sitting.session, {});
    const all = await Promise.all(["a", "b", "c"].map(sudoPassword));
    expect(all.map((secret) => secret.reveal())).toEqual(["battery staple", "battery staple", "battery staple"]);
    expect(sitting.err().match(/Password/g)).toHaveLength(1);
    expect(sitting.err()).not.toContain("battery");
  });

  it("cannot be asked for without a terminal", async () => {
    await expect(secretsOf(sit().session, {}).sudoPassword("a")).rejects.toMatchObject({
      code: "E_NO_TERMINAL",
      next: "give it with --sudo-password-file FILE",
    });
  });

  it("in a file that others can read is used, and told", async () => {
    const open = join(folder, "open");
    writeFileSync(open, "known to all\n");
    chmodSync(open, 0o644);
    const sitting = sit();
    await secretsOf(sitting.session, { sudoPasswordFile: open }).sudoPassword("a");
    expect(sitting.err()).toContain(`chmod 600 ${open}`);
  });

  it("in a file that is not there is a mistake of the operator's", async () => {
    await expect(
      secretsOf(sit().session, { sudoPasswordFile: join(folder, "nowhere") }).sudoPassword("a"),
    ).rejects.toMatchObject({ code: "E_USAGE" });
  });

  it("for a new CA key is not wanted unless asked for", async () => {
    expect(await secretsOf(sit({ interactive: true }).session, {}).passphrase("protect")).toBeUndefined();
  });

  it("for a new CA key is asked for twice", async () => {
    const sitting = sit({ interactive: true });
    for (const line of ["one", "two"]) sitting.type(line);
    await expect(secretsOf(sitting.session, { encryptCaKey: true }).passphrase("protect")).rejects.toThrow(
      "the two differ",
    );
  });

  it("that unlocks a CA key is asked for when there is no file", async () => {
    const sitting = sit({ interactive: true });
    sitting.type("open sesame");
    expect((await secretsOf(sitting.session, {}).passphrase("unlock"))?.reveal()).toBe("open sesame");
  });
});
