/** Completion scripts for bash, zsh and fish, from the command line as data. */

export interface CommandTree {
  readonly options: readonly OptionLeaf[];
  readonly verbs: readonly VerbBranch[];
}

export interface VerbBranch {
  /** Its name and its aliases. */
  readonly names: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionLeaf[];
  /** Words that may stand as its first argument. */
  readonly words: readonly string[];
}

export interface OptionLeaf {
  /** "-y", "--yes". */
  readonly flags: readonly string[];
  readonly summary: string;
  readonly value: "none" | "path" | "text";
}

export type Shell = "bash" | "zsh" | "fish";

export const completionScript = (shell: Shell, tree: CommandTree): string => ({ bash, zsh, fish })[shell](tree);

const flagsOf = (options: readonly OptionLeaf[], value?: OptionLeaf["value"]): string[] =>
  options.filter((option) => value === undefined || option.value === value).flatMap(({ flags }) => flags);

const everyOption = ({ options, verbs }: CommandTree): OptionLeaf[] => [
  ...options,
  ...verbs.flatMap((verb) => verb.options),
];

const unique = (words: readonly string[]): string[] => [...new Set(words)];

function bash(tree: CommandTree): string {
  const all = everyOption(tree);
  const [paths, texts] = [unique(flagsOf(all, "path")), unique(flagsOf(all, "text"))];
  const top = [...tree.verbs.flatMap(({ names }) => names), "help", ...flagsOf(tree.options)];
  const cases = tree.verbs.map(
    ({ names, options, words }) =>
      `    ${names.join("|")}) words="${unique([...words, ...flagsOf(options), ...flagsOf(tree.options)]).join(" ")}" ;;`,
  );
  return [
    "# bash completion for quorate",
    "_quorate() {",
    "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb= words= index",
    "  for ((index = 1; index < COMP_CWORD; index++)); do",
    "    case ${COMP_WORDS[index]} in",
    `      ${[...paths, ...texts].join("|")}) ((index++)) ;;`,
    "      -*) ;;",
    "      *) verb=${COMP_WORDS[index]}; break ;;",
    "    esac",
    "  done",
    "  case $previous in",
    `    ${paths.join("|")}) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;`,
    `    ${texts.join("|")}) COMPREPLY=(); return ;;`,
    "  esac",
    "  case $verb in",
    `    "") words="${unique(top).join(" ")}" ;;`,
    `    help) words="${tree.verbs.map(({ names }) => names[0]).join(" ")}" ;;`,
    ...cases,
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "}",
    "complete -F _quorate quorate",
  ].join("\n");
}

function zsh(tree: CommandTree): string {
  const described = tree.verbs.map(
    ({ names, summary }) => `    ${single(`${names[0] ?? ""}:${summary.replaceAll(":", "\\:")}`)}`,
  );
  const cases = tree.verbs.map(({ names, options, words }) => {
    const specs = [...tree.options, ...options].flatMap((option) =>
      option.flags.map((flag) => single(zshOption(flag, option))),
    );
    const first = words.length === 0 ? [] : [single(`2:: :(${words.join(" ")})`)];
    return `    ${names.join("|")}) _arguments ${unique([...specs, ...first]).join(" ")} ;;`;
  });
  return [
    "#compdef quorate",
    "_quorate() {",
    "  local -a verbs",
    "  verbs=(",
    ...described,
    "  )",
    "  if (( CURRENT == 2 )); then _describe verb verbs; return; fi",
    "  case ${words[2]} in",
    ...cases,
    "  esac",
    "}",
    "compdef _quorate quorate",
  ].join("\n");
}

function zshOption(flag: string, { summary, value }: OptionLeaf): string {
  const text = summary.replaceAll(/[[\]:]/g, "\\$&");
  return `${flag}[${text}]${{ none: "", path: ":path:_files", text: ":value: " }[value]}`;
}

function fish(tree: CommandTree): string {
  const verb = tree.verbs.map(
    ({ names, summary }) => `complete -c quorate -n __fish_use_subcommand -a ${names[0] ?? ""} -d ${single(summary)}`,
  );
  const common = tree.options.map((option) => `complete -c quorate ${fishOption(option)}`);
  const own = tree.verbs.flatMap(({ names, options, words }) => {
    const when = `-n ${single(`__fish_seen_subcommand_from ${names.join(" ")}`)}`;
    return [
      ...(words.length === 0 ? [] : [`complete -c quorate ${when} -a ${single(words.join(" "))}`]),
      ...options.map((option) => `complete -c quorate ${when} ${fishOption(option)}`),
    ];
  });
  return ["# fish completion for quorate", "complete -c quorate -f", ...verb, ...common, ...own].join("\n");
}

function fishOption({ flags, summary, value }: OptionLeaf): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return [...names, ...{ none: [], path: ["-r -F"], text: ["-x"] }[value], `-d ${single(summary)}`].join(" ");
}

/** Quoted for any of the three shells. */
const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
