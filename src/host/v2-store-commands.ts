/** `etcdutl check v2store` on the data of a member that may run. */
import { posix } from "node:path";
import type { Command } from "./command.js";
import type { HostAction } from "./host.js";
import { quotePath } from "./quote.js";

/**
 * etcdutl wants data that nobody uses: it renames snapshots that it cannot read, such as one that is being written, and
 * removes what a defragmentation has left. So it gets a folder of links, which is all that it can change. Files may go
 * while it reads, since etcd purges old ones: it is asked three times before it is believed.
 */
export function checkV2Store({
  etcdutl,
  data,
  wal,
  state,
  answer,
}: Extract<HostAction, { do: "check-v2-store" }>): Command {
  const [tool, folder] = [quotePath(etcdutl), quotePath(state)];
  const [snapshots, log] = [posix.join(data, "member", "snap"), wal ?? posix.join(data, "member", "wal")];
  const script = [
    "set -u",
    `[ -x ${tool} ] || { echo missing; exit 0; }`,
    `d=$(mktemp -d ${folder}/.v2store-$$-XXXXXXXXXX) || exit 1; trap 'rm -rf -- "$d"' EXIT`,
    "n=0; while :; do",
    '  rm -rf -- "$d/member" && mkdir -p -- "$d/member/snap" "$d/member/wal" || exit 1',
    `  for f in ${quotePath(snapshots)}/*.snap; do [ ! -f "$f" ] || ln -s -- "$f" "$d/member/snap/"; done`,
    `  for f in ${quotePath(log)}/*.wal; do [ ! -f "$f" ] || ln -s -- "$f" "$d/member/wal/"; done`,
    `  if ${tool} check v2store --data-dir "$d" >"$d/said" 2>&1; then echo clean; exit 0; fi`,
    '  n=$((n+1)); [ "$n" -lt 3 ] || break; sleep 1',
    "done",
    'tail -c 4096 -- "$d/said"',
  ];
  return {
    intent: `look for keys of the v2 API in ${data}`,
    script: script.join("\n"),
    patience: 300_000,
    answer: (stdout) => answer(stdout.trim()),
  };
}
