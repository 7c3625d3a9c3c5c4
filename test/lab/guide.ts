/**
 * A guide of docs/guides, followed by a test word for word, so that its text cannot rot. Of each section the fenced
 * blocks are performed in order: `diff` edits the cluster file, `sh` is typed, one command of quorate per line, and each line
 * of `text` has to be in what was said. What asks on a terminal is answered with yes. Other blocks are for reading only.
 * What looks may tell that something is to be done; everything else must succeed.
 */
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ended } from "./execute.js";
import { project } from "./folders.js";
import { said, type Operator } from "./operator.js";

interface Section {
  readonly heading: string;
  readonly blocks: readonly { readonly kind: "diff" | "sh" | "text"; readonly text: string }[];
}

/** A command as the guide has it, without its comment. */
export interface Typed {
  readonly command: string;
  readonly ended: Ended;
}

export type Doing = <T>(act: () => Promise<T>) => Promise<T>;

const asking = ["up", "upgrade", "undo", "compact", "defrag", "recover-space", "rebuild", "adopt"];

/** What changes something, and asks before. */
const asks = ([verb = "", what = ""]: readonly string[]): boolean =>
  asking.includes(verb) || (verb === "certs" && ["renew", "revoke", "rotate-ca"].includes(what));

/** Exit codes with which a look tells what it found. */
const tells: Readonly<Record<string, number>> = { plan: 2, "hash-check": 3 };

/** Of a change that ends in part; a page that leads there says with which code. */
const inPart = 3;

export class Guide {
  readonly #open: Section[];

  /** @param name of the page, without its ending */
  constructor(readonly name: string) {
    const page = readFileSync(join(project, "docs", "guides", `${name}.md`), "utf8");
    this.#open = sectionsOf(page).filter(({ blocks }) => blocks.some(({ kind }) => kind !== "text"));
  }

  /** Sections with something to do that nobody has followed yet. */
  get left(): readonly string[] {
    return this.#open.map(({ heading }) => heading);
  }

  /**
   * Does what a section says. What changes something must succeed, or end in part with the code that a `text` block names.
   * @param doing surrounds each command that changes something
   * @throws Error when there is no such section, an edit does not fit the file, or a command fails
   */
  async follow(operator: Operator, heading: string, doing: Doing = (act) => act()): Promise<readonly Typed[]> {
    const index = this.#open.findIndex((section) => section.heading === heading);
    const [section] = index < 0 ? [] : this.#open.splice(index, 1);
    if (section === undefined) throw new Error(`${this.name}.md has nothing (more) to do under "${heading}"`);
    const typed: Typed[] = [];
    const partly = section.blocks.some(({ kind, text }) => kind === "text" && /^E_[A-Z_]+$/m.test(text));
    for (const { kind, text } of section.blocks) {
      if (kind === "diff") await writeFile(operator.file, edited(await readFile(operator.file, "utf8"), text));
      else if (kind === "text") find(text, typed);
      else for (const line of text.split("\n")) typed.push(await type(operator, line, doing, partly));
    }
    return typed;
  }
}

/** @throws Error with the first line that nothing has said */
function find(text: string, typed: readonly Typed[]): void {
  const heard = typed.map(({ ended }) => `${ended.stdout}\n${ended.stderr}`).join("\n");
  const lines = text.split("\n").map((line) => line.trim());
  const missing = lines.find((line) => line !== "…" && !heard.includes(line));
  if (missing !== undefined) throw new Error(`nothing said "${missing}":\n${heard}`);
}

async function type(operator: Operator, line: string, doing: Doing, partly: boolean): Promise<Typed> {
  const command = line.replace(/\s+#.*$/, "").trim();
  const [program, ...args] = command.split(/\s+/);
  if (program !== "quorate") throw new Error(`a guide types quorate only, and not: ${line}`);
  const verb = args[0] ?? "";
  const changes = asks(args);
  const run = (): Promise<Ended> => operator.quorate(changes ? [...args, "--yes"] : args);
  const ended = await (changes ? doing(run) : run());
  const fine = [0, tells[verb], changes && partly ? inPart : 0];
  if (!fine.includes(ended.code)) throw new Error(`${command}: ${said(ended)}`);
  return { command, ended };
}

/** Lines that a page says to take out, put in, or leave where they are, found in a file once. */
export function edited(file: string, diff: string): string {
  const lines = diff.split("\n");
  const side = (sign: "-" | "+"): string =>
    lines
      .filter((line) => line.startsWith(sign) || line.startsWith(" "))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  const [before, after] = [side("-"), side("+")];
  const parts = `\n${file}`.split(`\n${before}`);
  if (parts.length !== 2)
    throw new Error(`the edit fits ${parts.length - 1} places of the file, not one:\n${diff}\n\n${file}`);
  return parts.join(`\n${after}`).slice(1);
}

function sectionsOf(page: string): Section[] {
  return page.split(/^## /m).map((text) => ({
    heading: text.split("\n", 1)[0] ?? "",
    blocks: [...text.matchAll(/^```(diff|sh|text)\n(.*?)\n```$/gms)].map(([, kind, content = ""]) => ({
      kind: kind === "diff" || kind === "text" ? kind : "sh",
      text: content,
    })),
  }));
}
