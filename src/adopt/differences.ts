/** What the first change will make of a member besides the change itself: its flags now, and those of quorate's unit. Pure. */
import { etcdArguments } from "../plan/etcd-arguments.js";
import { settingValue } from "../spec/flags/kinds.js";
import type { Spec } from "../spec/spec.js";
import { lineOf } from "../release/versions.js";
import { isDefault } from "./defaults.js";
import { commandLineFlags } from "./flags.js";
import { nameOf, valueOf, type Live } from "./found.js";

export interface Difference {
  readonly flag: string;
  /** undefined: not given. */
  readonly now: string | undefined;
  readonly later: string | undefined;
  readonly members: readonly string[];
}

/** Where certificates lie: their content is what matters. */
const places = ["cert-file", "key-file", "trusted-ca-file", "peer-cert-file", "peer-key-file", "peer-trusted-ca-file"];

/** Read at a first start only, or saying the same in other words. */
const silent = /^(initial-(?!corrupt)|discovery|name$|config-file$|data-dir$|wal-dir$|advertise-client-urls$)/;

export function differencesOf(spec: Spec, members: readonly Live[]): Difference[] {
  const found = new Map<string, Difference>();
  for (const live of members) {
    const name = nameOf(live);
    const member = spec.members.find((each) => each.name === name);
    if (member === undefined) continue;
    const later = commandLineFlags(etcdArguments(spec, member, live.status.version).slice(1));
    const names = [...new Set([...Object.keys(live.flags), ...Object.keys(later)])].filter(
      (flag) => !silent.test(flag),
    );
    for (const flag of names.sort()) {
      const now = plain(live, flag, valueOf(live.flags, flag));
      const then = plain(live, flag, later[flag]?.value);
      if (now === then || isImplied(live, flag)) continue;
      if (places.includes(flag) && now !== undefined && then !== undefined) continue;
      const masked = (text: string | undefined): string | undefined => text?.replaceAll(member.address, "ADDRESS");
      const pair = { flag, now: masked(now), later: masked(then) };
      const key = JSON.stringify(pair);
      found.set(key, { ...pair, members: [...(found.get(key)?.members ?? []), name] });
    }
  }
  return [...found.values()].toSorted((a, b) => (a.flag < b.flag ? -1 : 1));
}

/** One spelling for one meaning; nothing for a default. */
function plain({ status }: Live, flag: string, value: string | undefined): string | undefined {
  if (value === undefined || isDefault(lineOf(status.version), flag, value)) return undefined;
  if (flag.startsWith("listen-"))
    return value.replaceAll("//localhost:", "//127.0.0.1:").split(",").toSorted().join(",");
  if (flag === "auto-compaction-retention" && /^\d+$/.test(value)) return `${value}h`;
  return settingValue(flag, value) ?? value;
}

/** With a CA to trust, etcd demands certificates whether it is told to or not. */
const isImplied = ({ flags }: Live, flag: string): boolean =>
  (flag === "client-cert-auth" && valueOf(flags, "trusted-ca-file") !== undefined) ||
  (flag === "peer-client-cert-auth" && valueOf(flags, "peer-trusted-ca-file") !== undefined);
