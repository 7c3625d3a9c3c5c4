import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verbs } from "../../src/cli/verbs.js";
import { quorate } from "./memory-terminal.js";

const script = async (shell: string): Promise<string> => (await quorate(["completion", shell])).out;

describe("completion in bash", () => {
  /** What bash offers for a line whose last word is being typed. */
  const offered = async (...words: readonly string[]): Promise<string[]> => {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const call = `${await script("bash")}\nCOMP_WORDS=(${quoted}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _quorate; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", call], { encoding: "utf8", cwd: "/" })
      .split("\n")
      .filter((word) => word !== "");
  };

  it("offers every verb", async () => {
    expect(await offered("quorate", "")).toEqual(expect.arrayContaining(verbs.map(({ name }) => name)));
  });
  it("offers the verbs that begin so", async () => expect(await offered("quorate", "st")).toEqual(["stop", "status"]));
  it("offers a verb's own options", async () =>
    expect(await offered("quorate", "up", "--m")).toEqual(["--move-aside"]));
  it("knows a verb by its other name", async () =>
    expect(await offered("quorate", "apply", "--st")).toEqual(["--steal-lock"]));
  it("offers the words of an argument", async () =>
    expect(await offered("quorate", "export", "e")).toEqual(["etcdctl", "env"]));
  it("offers files after --file", async () => expect(await offered("quorate", "--file", "/et")).toEqual(["/etc"]));
  it("offers a file whose name has a blank as one word", async () => {
    const folder = mkdtempSync(join(tmpdir(), "quorate-completion-"));
    writeFileSync(join(folder, "two words.yaml"), "");
    try {
      expect(await offered("quorate", "--file", `${folder}/two`)).toEqual([`${folder}/two words.yaml`]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it("is not misled by a file before the verb", async () =>
    expect(await offered("quorate", "-f", "up", "health", "--w")).toEqual(["--watch"]));
  it("offers verbs after help", async () => expect(await offered("quorate", "help", "unl")).toEqual(["unlock"]));
});

describe("completion in the other shells", () => {
  it("names every verb in zsh", async () => {
    const text = await script("zsh");
    for (const { name, summary } of verbs) expect(text).toContain(`'${name}:${summary}'`);
  });

  it("names every verb in fish", async () => {
    const text = await script("fish");
    for (const { name } of verbs) expect(text).toContain(`-a ${name} -d `);
    expect(text).toContain("complete -c quorate -n '__fish_seen_subcommand_from up apply' -s y -l yes -d 'do not ask'");
  });

  it("knows no fourth shell", async () => {
    const { code, err } = await quorate(["completion", "tcsh"]);
    expect(code).toBe(1);
    expect(err).toContain("Allowed choices are bash, zsh, fish");
  });
});
