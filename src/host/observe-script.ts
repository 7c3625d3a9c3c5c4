/**
 * One script that answers a whole HostQuestion. It forks little (a process costs about a millisecond), needs only
 * coreutils, /proc and systemctl, and changes nothing. Output: sections that begin with a line `@NONCE KEY INDEX`;
 * contents of files stand between them as they are, since nobody who writes such a file can know the nonce.
 */
import { posix } from "node:path";
import type { HostQuestion } from "./host.js";
import { lockSight } from "./lock-script.js";
import { strangersScript } from "./observe-strangers.js";
import { quoteAccount, quotePath, quoteUnit } from "./quote.js";

/** Longest text, in bytes, that is carried; more is cut. */
export const textLimit = 262_144;

/** Paths whose disk is of interest, in the order of the section "disks". */
export const diskPaths = (question: HostQuestion): string[] => [
  ...new Set([
    question.data,
    ...(question.wal === undefined ? [] : [question.wal]),
    question.state,
    ...question.stats,
    ...question.releases,
  ]),
];

/** Paths whose kind, mode and owner are looked at, in the order of their indexes in the output. */
export const statPaths = ({ stats, service }: HostQuestion): string[] => [...new Set([...stats, service.unitPath])];

/** @param nonce fresh for every observation */
export function observeScript(question: HostQuestion, nonce: string): string {
  return [
    `s() { echo; echo "@${nonce} $*"; }`,
    ...systemPart(question.user),
    ...kernelPart(nonce),
    ...pathPart(question, nonce),
    ...diskPart(diskPaths(question)),
    ...(question.service.kind === "systemd" ? systemdPart(question.service.unit) : processPart(question.state)),
    ...dataPart(question),
    ...portPart(question.ports),
    ...strangersScript(question),
    ...lockSight(question.state),
    'echo; echo "@' + nonce + ' clock $(date +%s%N)"',
    "exit 0",
  ].join("\n");
}

function systemPart(user: string): string[] {
  return [
    "s system; { read -r x </etc/machine-id; } 2>/dev/null; { read -r y </proc/sys/kernel/random/boot_id; } 2>/dev/null",
    "read -r z x2 z </proc/meminfo",
    'echo "arch $(uname -m)"; echo "machine $x"; echo "boot $y"; echo "uid $u"; echo "memory $x2"',
    "command -v openssl >/dev/null 2>&1 && echo openssl yes",
    `id -u -- ${quoteAccount(user)} >/dev/null 2>&1 && echo user yes`,
    // The library's name carries the version; asking systemctl costs a process and is the way out.
    "if [ -d /run/systemd/system ]; then v=",
    "  for f in /usr/lib/systemd/libsystemd-shared-*.so /usr/lib/*/systemd/libsystemd-shared-*.so /lib/systemd/libsystemd-shared-*.so",
    '  do [ -e "$f" ] && v=${f##*-shared-}; done',
    '  if [ -n "$v" ]; then echo "systemd $v"; else echo "systemd $(systemctl --version)"; fi',
    "fi",
  ];
}

/**
 * Contents of files that are there, each behind its own line, by one process for several of them: the lines are files
 * too, which the shell holds open under the numbers from 3 to 9.
 */
function textPart(files: readonly (readonly [section: string, path: string])[], nonce: string): string[] {
  const batches = Array.from({ length: Math.ceil(files.length / 7) }, (_, index) =>
    files.slice(index * 7, index * 7 + 7).map(([section, path], at) => ({ section, path, fd: at + 3 })),
  );
  return batches.flatMap((batch) => [
    "set --",
    ...batch.map(
      ({ path, fd }) =>
        `if [ -f ${quotePath(path)} ] && [ -r ${quotePath(path)} ]; then set -- "$@" /proc/self/fd/${fd} ${quotePath(path)}; fi`,
    ),
    `[ $# = 0 ] || head -q -c ${textLimit} -- "$@" ${batch.map(({ fd }) => `${fd}<<'${nonce}${fd}'`).join(" ")}`,
    ...batch.flatMap(({ section, fd }) => ["", `@${nonce} ${section}`, `${nonce}${fd}`]),
  ]);
}

const kernelPart = (nonce: string): string[] => [
  `s net; head -q -c 1048576 /proc/net/fib_trie /proc/net/if_inet6 /proc/self/fd/3 /proc/self/mounts 2>/dev/null 3<<'${nonce}3'`,
  ...["", `@${nonce} mounts`, `${nonce}3`],
];

function pathPart(question: HostQuestion, nonce: string): string[] {
  const { texts, digests, releases, state } = question;
  const stats = statPaths(question);
  const links = stats.map(
    (path, index) => `[ -L ${quotePath(path)} ] && { s link ${index}; readlink -- ${quotePath(path)}; }`,
  );
  return [
    'd() { if [ -f "$2" ] && [ -r "$2" ]; then s digest "$1"; sha256sum <"$2"; fi; }',
    'r() { [ -f "$2/manifest" ] || return 0; s files "$1"; (cd -- "$2" && stat -c "%s %.Y %a %n" -- *) 2>/dev/null; }',
    ...textPart(
      [
        ["mark 0", posix.join(state, "member.json")],
        ...texts.map((path, index) => [`text ${index}`, path] as const),
        ...releases.map((path, index) => [`manifest ${index}`, posix.join(path, "manifest")] as const),
      ],
      nonce,
    ),
    ...digests.map((path, index) => `d ${index} ${quotePath(path)}`),
    ...releases.map((path, index) => `r ${index} ${quotePath(path)}`),
    `s stats; stat -c "%f:%s:%U:%G:%n" -- ${stats.map(quotePath).join(" ")} 2>/dev/null`,
    ...links,
  ];
}

/** A path that does not exist yet will be made on the disk of its nearest ancestor. */
function diskPart(paths: readonly string[]): string[] {
  return [
    'a() { while [ -n "$p" ] && [ ! -e "$p" ]; do p=${p%/*}; done; p=${p:-/}; }',
    "set --",
    ...paths.map((path) => `p=${quotePath(path)}; a; set -- "$@" "$p"`),
    's disks; stat -f -c "%a %S %c %d" -- "$@" 2>/dev/null',
    's real; readlink -f -- "$@" 2>/dev/null',
  ];
}

/** What the process says about itself, given its ID in $x. Only the one variable leaves the host. */
const processSight = [
  's process; echo "pid $x"; e=$(readlink "/proc/$x/exe") && echo "exe $e"',
  'tr "\\000" "\\n" <"/proc/$x/environ" | { k=; while read -r l; do case $l in QUORATE_CONFIG=*) k=1; echo "config ${l#*=}";; esac; done',
  // Somebody else's: what it was started with is known by a digest.
  '  [ -n "$k" ] || echo "print $({ cat "/proc/$x/cmdline"; tr "\\000" "\\n" <"/proc/$x/environ" | grep "^ETCD_" | LC_ALL=C sort; } | sha256sum)"; }',
].join("\n");

function systemdPart(unit: string): string[] {
  const name = quoteUnit(unit);
  const properties =
    "LoadState,ActiveState,SubState,UnitFileState,MainPID,NeedDaemonReload,NRestarts,ExecMainStatus,Result,DropInPaths";
  return [
    "if [ -d /run/systemd/system ]; then",
    `y=$(systemctl show --property=${properties} -- ${name}); s unit; echo "$y"`,
    "x=; case $y in *MainPID=[1-9]*) x=${y#*MainPID=}; x=${x%%[!0-9]*};; esac",
    `{ if [ -n "$x" ]; then ${processSight}; fi; } 2>/dev/null`,
    "case $y in *ActiveState=failed*|*SubState=auto-restart*|*NRestarts=[1-9]*)",
    `  case $y in *ActiveState=active*) ;; *) s log; journalctl --quiet --no-pager -o cat -n 20 -u ${name} 2>&1;; esac;;`,
    "esac; fi",
  ];
}

/** A process is known by its ID, its start time and the boot; its ID alone may be somebody else's by now. */
function processPart(state: string): string[] {
  const folder = quotePath(state);
  return [
    `x=; y=; z=; { read -r x y z <${folder}/etcd.pid; } 2>/dev/null`,
    'if [ -n "$x" ]; then { read -r b <"/proc/sys/kernel/random/boot_id"; } 2>/dev/null; l=; { read -r l <"/proc/$x/stat"; } 2>/dev/null',
    '  set -- ${l##*) }; if [ "${20-}" = "$y" ] && [ "$1" != Z ] && [ "$b" = "$z" ]; then s run alive; { ' +
      processSight +
      "; } 2>/dev/null",
    `  elif [ "$b" = "$z" ]; then x=; s run dead; s log; tail -n 20 -- ${folder}/etcd.log 2>/dev/null | tail -c 16384; else x=; fi`,
    "fi",
  ];
}

function dataPart({ data, wal }: HostQuestion): string[] {
  const folder = quotePath(data);
  const log = quotePath(wal ?? posix.join(data, "member", "wal"));
  const look = (key: string, path: string): string =>
    `if [ -d ${path} ]; then s ${key} folder; ls -A -- ${path} 2>&1 | head -n 20; elif [ -e ${path} ] || [ -L ${path} ]; then s ${key} other; fi`;
  return [
    `n=; for f in ${log}/*.wal; do [ -f "$f" ] && n=$f; done`,
    'if [ -n "$n" ]; then s wal; head -c 512 -- "$n"; fi',
    look("data", folder),
    ...(wal === undefined ? [] : [look("waldir", log)]),
  ];
}

/**
 * Listening sockets come first in /proc/net/tcp, so its beginning is enough. Whose socket it is costs a look at
 * processes: first at the service's own ($x), and only for a stranger's socket at all of them.
 */
function portPart(ports: readonly number[]): string[] {
  if (ports.length === 0) return [];
  const hex = ports.map((port) => `*:${port.toString(16).toUpperCase().padStart(4, "0")}" "*:0000" 0A "*`).join("|");
  return [
    "l=$(head -q -c 65536 /proc/net/tcp /proc/net/tcp6 2>/dev/null); i=; set -f; o=$IFS; IFS='\n'",
    `s listeners; for y in $l; do case $y in ${hex}) echo "$y"; IFS=$o; set -- $y; IFS='\n'; i="$i \${10}";; esac; done; IFS=$o`,
    'w() { for y in $i; do case $1 in *"socket:[$y]"*) { read -r c <"/proc/$2/comm"; } 2>/dev/null && s owner "$y" "$2" "$c"; k="$k $y ";; esac; done; }',
    'k=; if [ -n "$i" ] && [ -n "$x" ]; then w "$(ls -l "/proc/$x/fd" 2>/dev/null)" "$x"; fi',
    'z=; for y in $i; do case $k in *" $y "*) ;; *) z="$z $y";; esac; done; i=$z; set +f',
    'if [ -n "$i" ]; then for f in /proc/[0-9]*; do w "$(ls -l "$f/fd" 2>/dev/null)" "${f#/proc/}"; done; fi',
  ];
}
