/** `quorate explain CODE`: what an error code means and what to do about it. */
import { readFileSync } from "node:fs";
import { catalogue } from "../../error-catalogue.js";
import { QuorateError } from "../../errors.js";
import { packageFile } from "../../package-file.js";
import { exit } from "../session.js";
import { examples, type Verb } from "../verb.js";

export const explain: Verb = {
  declare(command) {
    command.argument("[code]", "the code at the right of an error's first line; without it, all codes are listed");
    examples(command, [
      ["quorate explain E_DATA_FOREIGN", "what happened, why, and what to do"],
      ["quorate explain", "every code with its title"],
    ]);
  },

  async run(session, [asked]) {
    if (asked === undefined) {
      const codes = Object.entries(catalogue).map(([code, { title }]) => ({ code, title }));
      const width = Math.max(...codes.map(({ code }) => code.length));
      if (session.json) session.answer({ codes });
      else session.say(...codes.map(({ code, title }) => `${code.padEnd(width)}  ${title}`));
      return exit.done;
    }
    const code = asked.toUpperCase();
    if (!isCode(code)) {
      throw new QuorateError("E_USAGE", `there is no error code ${asked}`, {
        found: asked,
        next: "see `quorate explain` for all of them",
      });
    }
    const { title, next } = catalogue[code];
    const text = sectionOf(readFileSync(packageFile("docs", "reference", "errors.md"), "utf8"), code);
    if (session.json) session.answer({ code, title, next, text });
    else session.say(`${session.page.style.bold(code)}: ${title}`, "", ...text.split("\n"));
    return exit.done;
  },
};

const isCode = (text: string): text is keyof typeof catalogue => Object.hasOwn(catalogue, text);

/** The text below `## CODE` up to the next heading; the catalogue's advice when the page has no such section. */
export function sectionOf(page: string, code: keyof typeof catalogue): string {
  const [, section] = page.split(new RegExp(`^## ${code}$`, "m"));
  const text = section?.split(/^## /m)[0]?.trim();
  return text === undefined || text === "" ? `What to do: ${catalogue[code].next}.` : text;
}
