/** The command line: parsed by commander, one verb at a time. */
import { Command } from "commander";
import { readFileSync } from "node:fs";
import { commonOptions, overview } from "./overview.js";
import { exit, openSession, type CommonOptions } from "./session.js";
import { packageFile } from "../package-file.js";
import type { Terminal } from "./terminal.js";
import { verbs } from "./verbs.js";
import type { Verb } from "./verb.js";

export function versionOfQuorate(): string {
  const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string };
  return version;
}

/** @param argv without node and script. @returns the exit code; never rejects */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exit.done;
  const program = programOf(terminal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(helpOfVerb(argv), { from: "user" });
    return code;
  } catch (error) {
    const { tellFailure } = await import("./tell-failure.js");
    return tellFailure(error, openSession(terminal, program.opts<CommonOptions>()));
  }
}

/** `help VERB` is `VERB --help`: commander answers the first without letting the verb declare its options. */
const helpOfVerb = (argv: readonly string[]): string[] =>
  argv[0] === "help" && argv.length > 1 ? [...argv.slice(1), "--help"] : [...argv];

/** The tree of commands. Verbs have no options yet: each declares them when it is about to be parsed. */
export function programOf(terminal: Terminal, ended: (code: number) => void): Command {
  const program = new Command("quorate");
  const declared = new Map<string, Verb>();
  program
    .version(versionOfQuorate(), "-V, --version", "print quorate's version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [verb]", "show help for a verb")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.err.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => terminal.width,
      getErrHelpWidth: () => terminal.width,
    })
    .exitOverride()
    .hook("preSubcommand", async (_, command) => {
      const entry = verbs.find(({ name }) => name === command.name());
      if (entry === undefined || declared.has(entry.name)) return;
      const verb = await entry.load();
      verb.declare(command);
      declared.set(entry.name, verb);
    });
  for (const [flags, text] of commonOptions) program.option(flags, text);
  program.helpInformation = overview;
  for (const { name, alias, summary } of verbs) {
    const command = program.command(name).description(summary).allowExcessArguments(false);
    if (alias !== undefined) command.alias(alias);
    command.action(async (..._args: unknown[]) => {
      const verb = declared.get(name);
      const session = openSession(terminal, program.opts<CommonOptions>());
      ended((await verb?.run(session, command.args, command.opts())) ?? exit.done);
    });
  }
  return program;
}
