/** `quorate completion SHELL`: a script that completes verbs and options, made from the same declarations as the help. */
import { invariant } from "../../errors.js";
import { exit } from "../session.js";
import { examples, type Verb } from "../verb.js";

const shells = ["bash", "zsh", "fish"] as const;

export const completion: Verb = {
  declare(command) {
    command.addArgument(command.createArgument("<shell>", "the shell that you type in").choices(shells));
    examples(command, [
      ['eval "$(quorate completion bash)"', "in ~/.bashrc"],
      ['eval "$(quorate completion zsh)"', "in ~/.zshrc, after compinit"],
      ["quorate completion fish > ~/.config/fish/completions/quorate.fish", ""],
    ]);
  },

  async run(session, [shell]) {
    const known = shells.find((name) => name === shell);
    invariant(known !== undefined, "the parser lets only known shells pass");
    const [{ commandTree }, scripts] = await Promise.all([
      import("../command-tree.js"),
      import("../../render/completion-script.js"),
    ]);
    const tree = await commandTree(session.terminal);
    session.say(scripts.completionScript(known, tree));
    return exit.done;
  },
};
