/** What was found on one host: an etcd that somebody else runs there. */
import type { DataFact, PathStat, ProcessFact, UnitFact } from "../host/host.js";
import type { Alarm, MemberListing, MemberStatus } from "../etcd/cluster.js";
import type { Flags } from "./flags.js";
import type { Target } from "./target.js";

/** How it is run. */
export type Keeper =
  | { readonly kind: "unit"; readonly name: string; readonly fact: UnitFact }
  /** kubelet starts it from a file of its own. */
  | { readonly kind: "static-pod"; readonly path: string }
  /** Docker, containerd or podman, by its control group. */
  | { readonly kind: "container"; readonly controlGroup: string }
  /** Nobody: a shell or a script started it. */
  | { readonly kind: "none"; readonly controlGroup: string };

export interface Found {
  readonly target: Target;
  readonly keeper: Keeper;
  /** Whose way of building clusters this looks like, in words. */
  readonly layout: string;
  /** undefined: it does not run. */
  readonly process: ProcessFact | undefined;
  /** In force in the running process, or what the files would start when none runs. Paths are the host's. */
  readonly flags: Flags;
  /** What the files on disk would start now; undefined when there are none that could be read. */
  readonly written: Flags | undefined;
  /** Variables that the unit's command line names and nobody sets. */
  readonly unset: readonly string[];
  /** Files that its settings come from: unit, drop-ins, environment files, configuration file, manifest. */
  readonly sources: readonly string[];
  readonly stats: Readonly<Record<string, PathStat>>;
  /** PEM text by path, certificates only. */
  readonly certificates: Readonly<Record<string, string>>;
  readonly data: DataFact;
  readonly machine: {
    readonly arch: string;
    readonly systemd: number | undefined;
    readonly root: boolean;
    readonly id: string;
  };
  /** Host clock minus this machine's, milliseconds. */
  readonly clockSkew: number;
}

/** The same with what the member itself and its cluster say. */
export interface Live extends Found {
  readonly status: MemberStatus;
  readonly listing: MemberListing;
  readonly alarms: readonly Alarm[];
}

export const valueOf = (flags: Flags, name: string): string | undefined => flags[name]?.value;

/** The member's own name for messages: --name, or the host as it was named. */
export const nameOf = ({ flags, target }: Pick<Found, "flags" | "target">): string =>
  valueOf(flags, "name") ?? target.host;

/** etcd's own default is a folder named after the member in its working directory (embed.NewConfig). */
export const dataFolderOf = (flags: Flags): string | undefined => {
  const path = valueOf(flags, "data-dir");
  return path?.startsWith("/") === true ? tidy(path) : undefined;
};

export const walFolderOf = (flags: Flags): string | undefined => {
  const path = valueOf(flags, "wal-dir");
  return path?.startsWith("/") === true ? tidy(path) : undefined;
};

export const tidy = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, "") : path);
