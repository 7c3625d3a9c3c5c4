/**
 * The cluster's lock on a host: files `STATE/lock/N`, of which the highest N counts. To take the lock is to make N+1 by
 * link(2), which the kernel lets exactly one of many contenders do. Lower files are removed only by whoever has made a
 * higher one, and a contender so late that its number was free again sees that higher one and withdraws: there is no
 * moment at which two could both believe that they hold it. A file's first line names the shell that
 * holds it (process, start time, boot); when that process is gone, so is the lock. Giving it back is a first line "free".
 */
import { quote, quotePath } from "./quote.js";
import type { LockHolder } from "./host.js";

/** Sets $n to the highest number (0: none), and $a to "alive" when its holder lives; $h, $g, $o describe the holder. */
const find = (folder: string): string =>
  [
    `n=0; for f in ${folder}/lock/*; do f=\${f##*/}; case $f in *[!0-9]*) ;; *) [ "$f" -gt "$n" ] && n=$f;; esac; done`,
    `a=; h=; g=; o=; [ "$n" = 0 ] || { read -r h g o <${folder}/lock/$n; } 2>/dev/null`,
    'case $h in ""|free) ;; *) l=; { read -r l <"/proc/$h/stat"; } 2>/dev/null; q=; { read -r q </proc/sys/kernel/random/boot_id; } 2>/dev/null',
    '  case $l in *") Z "*|"") ;; *) if [ "$q" = "$o" ]; then set -- ${l##*) }; [ "${20-}" = "$g" ] && a=alive && e=$4; fi;; esac;;',
    "esac",
  ].join("\n");

/** Part of an observation: the section "lock" holds the holder's JSON. */
export function lockSight(state: string): string[] {
  const folder = quotePath(state);
  return [find(folder), `if [ "$a" = alive ]; then s lock; tail -n +2 -- ${folder}/lock/$n | head -c 8192; fi`];
}

/**
 * Prints "ours", or "held" and the holder's JSON. A shell that holds it already keeps it.
 * @param steal end the holder's whole session first, so that it can change nothing more
 */
export function lockScript(state: string, holder: LockHolder, steal: boolean): string {
  const folder = quotePath(state);
  return [
    `set -u; [ -d ${folder}/lock ] || { (umask 022; mkdir -p -- "$(dirname -- ${folder})"); mkdir -p -- ${folder}/lock; } || exit 1`,
    'read -r l <"/proc/$$/stat"; set -- ${l##*) }; s=${20}; v=$4; read -r b </proc/sys/kernel/random/boot_id',
    `t=$(mktemp ${folder}/lock/.new-XXXXXXXXXX) || exit 1; trap 'rm -f -- "$t"' EXIT`,
    `printf "%s %s %s\\n%s\\n" "$$" "$s" "$b" ${quote(JSON.stringify(holder))} >"$t" || exit 1; chmod 0644 "$t"`,
    "for w in 1 2 3 4 5 6 7 8; do",
    find(folder),
    '  if [ "$a" = alive ]; then',
    '    [ "$h" = "$$" ] && { echo ours; exit 0; }',
    steal ? endSession : `    echo held; tail -n +2 -- ${folder}/lock/$n | head -c 8192; exit 0`,
    "  fi",
    `  if ln -- "$t" ${folder}/lock/$((n + 1)) 2>/dev/null; then`,
    `    m=$((n + 1)); for f in ${folder}/lock/[0-9]*; do [ "\${f##*/}" -le "$m" ] || { rm -f -- ${folder}/lock/$m; continue 2; }; done`,
    `    for f in ${folder}/lock/[0-9]*; do [ "\${f##*/}" -ge "$m" ] || rm -f -- "$f"; done; echo ours; exit 0`,
    "  fi",
    "done; echo 'the lock changes hands too fast' >&2; exit 1",
  ].join("\n");
}

/** SIGKILL to every process of the holder's session ($e) until none is left; a session is one connection's shell. */
const endSession = [
  '    [ "$e" != "$v" ] || { echo "the holder shares our session" >&2; exit 1; }',
  "    for y in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do z=",
  '      for f in /proc/[0-9]*/stat; do l=; { read -r l <"$f"; } 2>/dev/null; set -- ${l##*) }',
  '        [ "${4-}" = "$e" ] && [ "$1" != Z ] && { f=${f#/proc/}; kill -KILL "${f%/stat}" 2>/dev/null; z=1; }; done',
  '      [ -n "$z" ] || break; sleep 0.1; done',
  '    [ -z "$z" ] || { echo "the holder could not be ended" >&2; exit 1; }',
].join("\n");

/** Give the lock back if this shell holds it. Nothing to do when the folder is gone. */
export function unlockScript(state: string): string {
  const folder = quotePath(state);
  return [
    find(folder),
    '[ "$a" = alive ] && [ "$h" = "$$" ] || exit 0',
    `t=$(mktemp ${folder}/lock/.new-XXXXXXXXXX) || exit 1; echo free >"$t"; mv -fT -- "$t" ${folder}/lock/$n`,
  ].join("\n");
}
