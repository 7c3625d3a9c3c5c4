/** `health` with options that every verb has and no others, read without a parser: of all verbs it has to be quick. */
import type { CommonOptions } from "./session.js";

/** @param argv without node and script. @returns undefined when it is anything else: then the parser has its say */
export function plainHealth(argv: readonly string[]): CommonOptions | undefined {
  const [verb, ...rest] = argv;
  if (verb !== "health") return undefined;
  const options: { file?: string; json?: boolean; color?: boolean } = {};
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at];
    const value = rest[at + 1];
    if (word === "--json") options.json = true;
    else if (word === "--no-color") options.color = false;
    else if ((word === "-f" || word === "--file") && value !== undefined && !value.startsWith("-")) {
      options.file = value;
      at += 1;
    } else return undefined;
  }
  return options;
}
