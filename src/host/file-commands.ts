/** Scripts that change files. Every replacement is a rename of a complete, verified, synced file from a private folder. */
import { posix } from "node:path";
import { scriptStatus, type Command } from "./command.js";
import type { HostAction } from "./host.js";
import { quote, quoteAccount, quoteMode, quoteOwnPath, quotePath } from "./quote.js";

type Action<K extends HostAction["do"]> = Extract<HostAction, { do: K }>;

/**
 * Make and enter a private folder with an unpredictable name beside the target, on the same file system. It is removed
 * whatever happens; one that a killed shell left behind is removed by the next command that works in the same folder.
 * The check after `cd` is against whoever owns the parent folder and swaps names.
 */
const stage = (folder: string): string =>
  [
    "set -eu",
    `p=${quotePath(folder)}`,
    '[ -d "$p" ] || { echo "$p is not a folder" >&2; exit 1; }',
    'for x in "$p"/.quorate-*; do y=${x##*/.quorate-}; y=${y%%-*}',
    '  case $y in ""|*[!0-9]*) continue;; esac',
    '  [ -d "/proc/$y" ] || rm -rf -- "$x"',
    "done",
    'd=$(mktemp -d "$p/.quorate-$$-XXXXXXXXXX"); trap \'cd /; rm -rf -- "$d"\' EXIT',
    'cd -- "$d"; [ "$(stat -c %u:%a .)" = "$u:700" ] || { echo "$d is not ours" >&2; exit 1; }',
  ].join("\n");

/** Owners can be given only by root; without it files belong to who runs quorate. */
const own = (path: string, { owner, group, mode }: { owner: string; group: string; mode: string }): string =>
  [
    `[ "$u" != 0 ] || chown -- ${quoteAccount(owner)}:${quoteAccount(group)} ${path}`,
    `chmod -- ${quoteMode(mode)} ${path}`,
  ].join("\n");

/** `mv -T` replaces a file or a link atomically and would refuse a folder; say so in words of our own. */
const publish = (path: string, from = "new"): string =>
  [
    `t=${quotePath(path)}`,
    `if [ -d "$t" ] && [ ! -L "$t" ]; then echo "$t is a folder" >&2; exit ${scriptStatus.inTheWay}; fi`,
    `mv -fT -- ${from} "$t"`,
  ].join("\n");

/** Sets $h. Of a large file openssl, where a host has it, needs a fifth of the time; its word is no less compared. */
const digestOfNew = (large: boolean): string =>
  [
    "h=",
    ...(large ? ["! command -v openssl >/dev/null 2>&1 || h=$(openssl dgst -sha256 -r < new 2>/dev/null) || h="] : []),
    '[ -n "$h" ] || h=$(sha256sum < new)',
  ].join("; ");

export function putFile(action: Action<"put-file">): Command {
  const script = [
    stage(posix.dirname(action.path)),
    "cat > new",
    `${digestOfNew(action.file !== undefined)}; [ "\${h%% *}" = ${digest(action.sha256)} ] || { echo "received \${h%% *}" >&2; exit ${scriptStatus.digestMismatch}; }`,
    own("new", action),
    "sync -- new",
    publish(action.path),
  ];
  return { intent: `write ${action.path}`, script: script.join("\n"), payload: action.bytes };
}

/**
 * Small files of one folder and one owner, in order, each by its own rename: one by one, starting the same few programs
 * for each of them takes a host longer than everything else. Their sizes go before them on a line of their own.
 */
export function putFiles(first: Action<"put-file">, ...others: readonly Action<"put-file">[]): Command {
  const actions = [first, ...others];
  const folder = posix.dirname(first.path);
  const staged = actions.map((action, index) => ({ ...action, name: String(index + 1) }));
  const all = staged.map(({ name }) => name).join(" ");
  const expected = staged.map(({ sha256, name }) => `${digest(sha256)}  ${name}`).join("\n");
  const modes = new Set(actions.map(({ mode }) => mode));
  const withMode = (mode: string): string =>
    staged.flatMap((each) => (each.mode === mode ? [each.name] : [])).join(" ");
  const script = [
    stage(folder),
    "read -r sizes; i=0",
    'for n in $sizes; do i=$((i + 1)); head -c "$n" > $i; done',
    `h=$(sha256sum ${all}); [ "$h" = ${quote(expected)} ] || { echo "received $h" >&2; exit ${scriptStatus.digestMismatch}; }`,
    `[ "$u" != 0 ] || chown -- ${quoteAccount(first.owner)}:${quoteAccount(first.group)} ${all}`,
    ...[...modes].map((mode) => `chmod -- ${quoteMode(mode)} ${withMode(mode)}`),
    `sync -- ${all}`,
    ...staged.map(({ path, name }) => publish(path, name)),
  ];
  const names = actions.map(({ path }) => posix.basename(path));
  return {
    intent: `write ${names.join(", ")} in ${folder}`,
    script: script.join("\n"),
    payload: () => withSizes(actions),
  };
}

async function withSizes(actions: readonly Action<"put-file">[]): Promise<Uint8Array> {
  const contents = await Promise.all(actions.map(({ bytes }) => bytes()));
  return Buffer.concat([Buffer.from(`${contents.map(({ length }) => length).join(" ")}\n`), ...contents]);
}

function digest(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError(`not a SHA-256: ${sha256}`);
  return sha256;
}

/** Folders in order, owners and modes at the end: until then only who makes them can enter them. */
export function makeDirectories(...actions: readonly Action<"make-directory">[]): Command {
  const make = actions.map(({ path }) => {
    const [own, parent] = [quotePath(path), quotePath(posix.dirname(path))];
    return `[ -d ${own} ] || { [ -d ${parent} ] || (umask 022; mkdir -p -- ${parent}); mkdir -m 0700 -- ${own} || [ -d ${own} ]; }`;
  });
  const ownerOf = ({ owner, group }: Action<"make-directory">): string =>
    `${quoteAccount(owner)}:${quoteAccount(group)}`;
  const pathsWhere = (fits: (action: Action<"make-directory">) => boolean): string =>
    actions.flatMap((action) => (fits(action) ? [quotePath(action.path)] : [])).join(" ");
  const script = [
    "set -eu",
    ...make,
    ...[...new Set(actions.map(ownerOf))].map(
      (owner) => `[ "$u" != 0 ] || chown -- ${owner} ${pathsWhere((action) => ownerOf(action) === owner)}`,
    ),
    ...[...new Set(actions.map(({ mode }) => mode))].map(
      (mode) => `chmod -- ${quoteMode(mode)} ${pathsWhere((action) => action.mode === mode)}`,
    ),
  ];
  const names = actions.map(({ path }) => path).join(", ");
  return { intent: `make the folder${actions.length > 1 ? "s" : ""} ${names}`, script: script.join("\n") };
}

/** @param known digests of files in it that were verified a moment ago, by name */
export function sealRelease(path: string, known: Readonly<Record<string, string>>): Command {
  const cases = Object.entries(known).map(([name, digest]) => `  ${quote(name)}) h=${quote(digest)};;`);
  const script = [
    stage(path),
    'for f in "$p"/*; do n=${f##*/}; [ -f "$f" ] || continue',
    "  case $n in manifest|*[!A-Za-z0-9._-]*) continue;; esac",
    "  case $n in",
    ...cases,
    '  *) h=$(sha256sum < "$f"); h=${h%% *};;',
    "  esac",
    '  s=$(stat -c "%s %.Y" -- "$f"); echo "$h $s $n"',
    "done > new",
    '[ -s new ] || { echo "$p holds no binaries" >&2; exit 1; }',
    own("new", { owner: "root", group: "root", mode: "0644" }),
    "sync -- new",
    publish(posix.join(path, "manifest")),
  ];
  return { intent: `seal the release in ${path}`, script: script.join("\n") };
}

export function linkTo(action: Action<"link">): Command {
  const script = [stage(posix.dirname(action.path)), `ln -s -- ${quotePath(action.target)} new`, publish(action.path)];
  return { intent: `point ${action.path} at ${action.target}`, script: script.join("\n") };
}

/** Done already when the old name is gone. Never replaces anything. */
export function moveAside(action: Action<"move-aside">): Command {
  const [from, to] = [quoteOwnPath(action.path), quoteOwnPath(action.to)];
  const script = [
    "set -eu",
    `if [ ! -e ${from} ] && [ ! -L ${from} ]; then exit 0; fi`,
    `if [ -e ${to} ] || [ -L ${to} ]; then echo ${quote(`${action.to} exists already`)} >&2; exit ${scriptStatus.inTheWay}; fi`,
    `mv -nT -- ${from} ${to}`,
    `[ ! -e ${from} ]`,
  ];
  return { intent: `move ${action.path} to ${action.to}`, script: script.join("\n") };
}

/** A mount point stays as an empty folder. Other file systems below the path are not entered. */
export function removePath(path: string): Command {
  const quoted = quoteOwnPath(path);
  const script = [
    `m=$(rm -rf --one-file-system -- ${quoted} 2>&1) && exit 0`,
    `if [ -d ${quoted} ] && [ -z "$(ls -A -- ${quoted})" ]; then`,
    `  [ "$(stat -c %d -- ${quoted})" = "$(stat -c %d -- ${quotePath(posix.dirname(path))})" ] || exit 0`,
    "fi",
    'echo "$m" >&2; exit 1',
  ];
  return { intent: `remove ${path}`, script: script.join("\n") };
}

/** A line that a killed writer left unfinished is ended first, so that the new one stands alone. */
export function appendText(path: string, text: string): Command {
  const target = quotePath(path);
  const script = [
    "set -eu",
    `if [ -s ${target} ] && [ -n "$(tail -c 1 -- ${target})" ]; then echo >> ${target}; fi`,
    `printf %s ${quote(text)} >> ${target}`,
    `sync -- ${target}`,
  ];
  return { intent: `append to ${path}`, script: script.join("\n") };
}
