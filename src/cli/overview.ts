/** What `quorate --help` says. Told without loading anything else, since it is what a newcomer waits for first. */
import { verbs } from "./verbs.js";

/** Options that every verb has: flags, and what they do. */
export const commonOptions = [
  ["-f, --file <path>", "the cluster file; default: QUORATE_FILE, else cluster.yaml"],
  ["--json", "answer with JSON"],
  ["--no-color", "no colour, as with NO_COLOR; it is used on terminals only anyway"],
] as const;

const farewells = [
  ["-V, --version", "print quorate's version"],
  ["-h, --help", "show help; `quorate help VERB` says more about one verb"],
] as const;

export function overview(): string {
  const terms = verbs.map(
    ({ name, alias, summary }) => [alias === undefined ? name : `${name}, ${alias}`, summary] as const,
  );
  const lines = (rows: readonly (readonly [string, string])[]): string =>
    rows.map(([term, text]) => `  ${term.padEnd(20)}${text}`).join("\n");
  return `Usage: quorate VERB [options]

Builds highly available etcd clusters out of the real etcd, and keeps them healthy.

Verbs:
${lines(terms)}

Options of every verb:
${lines([...commonOptions, ...farewells])}

Begin with:
  $ quorate init --hosts local && quorate up    three members on this machine
  $ quorate help up                             more about one verb
`;
}

/** Whether the command line asks for the overview and nothing else. */
export const asksForOverview = (argv: readonly string[]): boolean =>
  argv.length === 1 && ["-h", "--help", "help"].includes(argv[0] ?? "");
