/** The whole command line as plain data: every verb with its options and arguments, all declared. */
import type { Command } from "commander";
import type { CommandTree, OptionLeaf, VerbBranch } from "../render/completion-script.js";
import { programOf } from "./program.js";
import type { Terminal } from "./terminal.js";
import { verbs } from "./verbs.js";

export async function commandTree(terminal: Terminal): Promise<CommandTree> {
  const program = programOf(terminal, () => undefined);
  const branches = await Promise.all(
    verbs.map(async ({ name, load }) => {
      const command = program.commands.find((candidate) => candidate.name() === name);
      if (command === undefined) return [];
      (await load()).declare(command);
      return [branchOf(command)];
    }),
  );
  return { options: optionsOf(program), verbs: branches.flat() };
}

const branchOf = (command: Command): VerbBranch => ({
  names: [command.name(), ...command.aliases()],
  summary: command.description(),
  options: optionsOf(command),
  words: command.registeredArguments[0]?.argChoices ?? [],
});

function optionsOf(command: Command): OptionLeaf[] {
  const help: OptionLeaf = { flags: ["-h", "--help"], summary: "show help", value: "none" };
  const options = command.options.map(({ short, long, description, required, optional, flags }): OptionLeaf => {
    const value = !required && !optional ? "none" : /<(path|file|folder)>/.test(flags) ? "path" : "text";
    return { flags: [short, long].filter((flag) => flag !== undefined && flag !== null), summary: description, value };
  });
  return [...options, help];
}
