/**
 * The one command that quorate runs on a host: a POSIX shell that reads frames from its standard input for as long as
 * the connection lives. A login shell costs a quarter of a second, so there is one per host and run.
 *
 * A frame is `ID CHAIN SCRIPT-BYTES PAYLOAD-BYTES\n`, the script and the payload. The script runs in a subshell that
 * has exactly the payload as its input; what it leaves is drained, so a failing script cannot shift the stream. Once a
 * frame of a chain fails, the rest of the chain is skipped: that makes it safe to send frames without waiting. A script
 * ends with `#` and the nonce; a script that was cut short by a lost connection is never run.
 * A script may use `$u`, the user ID it runs as, and `$$`, the process ID of the shell itself.
 * The answer is the script's output and `\nNONCE ID STATUS\n`, and on standard error `NONCE ID\n`.
 */

/** How root is had on a host: already root (or not needed), sudo without asking, or sudo with a password. */
export type Become = "none" | "sudo" | "sudo-password";

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** `head -c` reads no byte more than it is told to, and `read` takes a line byte by byte: nothing of the stream is lost. */
const loop = [
  `umask 077; export LC_ALL=C PATH=${path}; unset ENV BASH_ENV CDPATH; cd /; u=$(id -u); b=; echo "$k 0" >&2; echo "$k ready $$"`,
  `while read -r i c n p; do s=$(head -c "$n"); case $s in *"#$k") ;; *) exit 1;; esac`,
  `if [ "$c" = "$b" ]; then head -c "$p" >/dev/null; r=skip`,
  `elif [ "$p" -gt 0 ]; then head -c "$p" | { (eval "$s"); r=$?; cat >/dev/null; exit $r; }; r=$?`,
  `else (eval "$s") </dev/null; r=$?; fi`,
  `[ "$r" = 0 ] || b=$c; echo; echo "$k $i $r"; echo "$k $i" >&2; done`,
].join("; ");

/** The shell program itself. @param nonce lower-case hexadecimal, fresh for every shell */
export const shellProgram = (nonce: string): string => `k=${nonce}; ${loop}`;

/** What sudo prints when it wants the password; it carries the nonce, so it is known whatever the host's language. */
export const passwordPrompt = (nonce: string): string => `${nonce}-password`;

/**
 * The command line for a remote login shell of whatever kind: one line, single quotes only, and within them nothing
 * that bash, dash, zsh, fish or csh would treat specially (no quote, backslash, exclamation mark or newline).
 */
export function remoteCommand(nonce: string, become: Become): string {
  if (become === "none") return `exec /bin/sh -c '${shellProgram(nonce)}'`;
  const ask = become === "sudo" ? "-n" : `-S -p ${passwordPrompt(nonce)}`;
  // The operator's ssh configuration may log in as root although the file does not say so, where no sudo is needed, or there.
  const asRoot = `[ "$(id -u)" = 0 ] || exec env LC_ALL=C sudo ${ask} -- /bin/sh -c "$1"; exec /bin/sh -c "$1"`;
  return `exec /bin/sh -c '${asRoot}' sh '${shellProgram(nonce)}'`;
}
