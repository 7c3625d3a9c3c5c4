/**
 * A Linux machine that a member lives on: it can be observed in one round trip, told to act, and locked. The real ones
 * are ssh-host (the operator's OpenSSH, one shared shell) and local-host; testing/ has a fake one; all pass the same
 * contract suite.
 */
import type { QuorateError } from "../errors.js";

export interface Host {
  readonly name: string;
  /** Look at everything that the question names, in one round trip. Never changes anything. */
  observe(question: HostQuestion): Promise<HostObservation>;
  /** Carry the actions out in order and stop at the first failure. Each is idempotent. @throws QuorateError E_HOST_* */
  act(actions: readonly HostAction[], progress?: (bytesSent: number) => void): Promise<void>;
  /**
   * Take the cluster's lock on this host. It is held by this connection itself: when quorate dies, the lock is free.
   * `steal` ends the holder's session first, so that it can change nothing more.
   */
  lock(holder: LockHolder, steal?: boolean): Promise<LockHolder | undefined>;
  unlock(): Promise<void>;
  /** What reached the host so far, for benches and tests. */
  readonly roundTrips: number;
  close(): Promise<void>;
}

/** Who holds the lock. A returned holder is somebody else; undefined means it is now ours. */
export interface LockHolder {
  readonly operator: string;
  readonly machine: string;
  readonly pid: number;
  readonly command: string;
  /** ISO 8601. */
  readonly since: string;
  readonly run: string;
}

/** What to look at. Paths are absolute. */
export interface HostQuestion {
  readonly service: { readonly kind: "systemd" | "process"; readonly unit: string; readonly unitPath: string };
  readonly user: string;
  /** Text files whose content is wanted (at most 256 KiB each), never keys. */
  readonly texts: readonly string[];
  /** Paths of which only existence, kind, mode, owner and size are wanted. */
  readonly stats: readonly string[];
  /** Files of which a SHA-256 is wanted too (keys; content stays on the host). */
  readonly digests: readonly string[];
  /** Release folders: each holds binaries and a `manifest` of their sizes, times and digests. */
  readonly releases: readonly string[];
  readonly data: string;
  readonly wal: string | undefined;
  /** quorate's own folder on the host. */
  readonly state: string;
  /** TCP ports whose listener is wanted. */
  readonly ports: readonly number[];
  /** Every running process of this name is described, with the unit that holds it, whoever started it. */
  readonly program?: string;
  /** PEM files of which only the certificates are wanted; whatever else stands in them stays on the host. */
  readonly certificates?: readonly string[];
}

export interface Reachable {
  readonly reach: "reachable";
  /** GOARCH spelling: amd64, arm64, ppc64le, s390x, or what uname said. */
  readonly arch: string;
  /** /etc/machine-id; empty when it has none. */
  readonly machineId: string;
  readonly bootId: string;
  /** systemd's version number; undefined when PID 1 is something else. */
  readonly systemd: number | undefined;
  /** True when actions run as root. */
  readonly root: boolean;
  readonly openssl: boolean;
  /** Host clock minus operator clock, milliseconds: the least that fits, 0 where the time of the answer explains it. */
  readonly clockSkew: number;
  readonly memoryTotal: number;
  /** IP addresses that this host has. */
  readonly addresses: readonly string[];
  readonly userExists: boolean;
  readonly texts: Readonly<Record<string, string>>;
  /** Absent paths have no entry. Links are not followed. */
  readonly stats: Readonly<Record<string, PathStat>>;
  readonly digests: Readonly<Record<string, string>>;
  /** Digest of a release's manifest when the files still are as it says; "damaged" when not; no entry when absent. */
  readonly releases: Readonly<Record<string, string>>;
  readonly disks: Readonly<Record<string, DiskFact>>;
  readonly service: ServiceFact;
  readonly data: DataFact;
  /** Listening sockets among the asked ports. */
  readonly listeners: readonly {
    readonly address: string;
    readonly port: number;
    readonly pid: number | undefined;
    readonly command: string | undefined;
  }[];
  readonly lock: LockHolder | undefined;
  /** Content of the member's mark, `<state>/member.json`. */
  readonly mark: string | undefined;
  /** Processes of the program that was asked for. */
  readonly processes?: readonly ProcessFact[];
  /** The units that hold them, and the unit that was asked for, by name without .service; none that does not exist. */
  readonly units?: Readonly<Record<string, UnitFact>>;
  /** PEM text by path, certificates only. */
  readonly certificates?: Readonly<Record<string, string>>;
}

/** A running process, whoever started it. */
export interface ProcessFact {
  readonly pid: number;
  readonly user: string;
  readonly executable: string;
  /** The executable's name first. */
  readonly arguments: readonly string[];
  /** Only the program's own variables, ETCD_…. */
  readonly environment: Readonly<Record<string, string>>;
  /** Path of its control group, such as /system.slice/etcd.service or /kubepods.slice/…. */
  readonly controlGroup: string;
  /** Name of the systemd service that holds it, without .service. */
  readonly unit: string | undefined;
}

/** A systemd service, as systemd has read it. */
export interface UnitFact {
  /** The unit file. */
  readonly path: string;
  readonly dropIns: readonly string[];
  /** ActiveState. */
  readonly active: string;
  readonly enabled: boolean;
  readonly user: string;
  /** "" when it is the user's own. */
  readonly group: string;
  /** LimitNOFILE; undefined when there is none. */
  readonly openFiles: number | undefined;
  /** MemoryMax, bytes; undefined when there is none. */
  readonly memoryMax: number | undefined;
  /** Type=, such as "notify". */
  readonly type: string;
  /** Restart=, such as "on-failure". */
  readonly restart: string;
}

export interface Unreachable {
  readonly reach: "unreachable";
  readonly error: QuorateError;
}

export type HostObservation = Reachable | Unreachable;

export interface PathStat {
  readonly kind: "file" | "dir" | "link" | "other";
  /** Four octal digits, for example "0600". */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly size: number;
  /** Of a link. */
  readonly target: string | undefined;
}

export interface DiskFact {
  readonly freeBytes: number;
  readonly readOnly: boolean;
  readonly noExec: boolean;
}

export interface ServiceFact {
  readonly installed: boolean;
  readonly enabled: boolean;
  /** True when the supervisor has not read the unit file as it is now. */
  readonly needsReload: boolean;
  /** Further files of the unit, which systemd applies to it whoever wrote it; left out when there are none. */
  readonly dropIns?: readonly string[];
  readonly state: "stopped" | "starting" | "running" | "failed";
  readonly pid: number | undefined;
  /** QUORATE_CONFIG in the running process's environment: the digest of the configuration it was started with. */
  readonly config: string | undefined;
  /**
   * Of a process without QUORATE_CONFIG: SHA-256 over its command line and its variables ETCD_…, which no two
   * configurations share.
   */
  readonly fingerprint?: string | undefined;
  /** The running executable. */
  readonly executable: string | undefined;
  readonly restarts: number;
  /** Last log lines, when the service failed or was never ready. */
  readonly logTail: readonly string[];
}

export type DataFact =
  | { readonly kind: "absent" }
  | { readonly kind: "empty" }
  /** Lower-case hexadecimal without leading zeros, read from the metadata record of the write-ahead log. */
  | { readonly kind: "member"; readonly clusterId: string; readonly memberId: string }
  /** Something else is there; `found` names some of it. */
  | { readonly kind: "foreign"; readonly found: readonly string[] };

/** One change on a host. Bytes are fetched only when they are sent; they are never logged. */
export type HostAction =
  | { readonly do: "make-user"; readonly name: string; readonly group: string; readonly home: string }
  | {
      readonly do: "make-directory";
      readonly path: string;
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
    }
  /**
   * Upload to a temporary name beside the target, verify the digest, set mode and owner, rename. `file` is a verified file
   * with the same content on the operator's machine, for hosts that are that machine.
   */
  | {
      readonly do: "put-file";
      readonly path: string;
      readonly mode: string;
      readonly owner: string;
      readonly group: string;
      readonly sha256: string;
      readonly bytes: () => Promise<Uint8Array>;
      readonly file?: string;
    }
  /**
   * Write `manifest` in a release folder from what is on disk now. `verified` names files whose digests were checked a
   * moment ago and need not be computed again.
   */
  | { readonly do: "seal-release"; readonly path: string; readonly verified?: Readonly<Record<string, string>> }
  /** Point a symbolic link at the target, atomically. */
  | { readonly do: "link"; readonly path: string; readonly target: string }
  | { readonly do: "move-aside"; readonly path: string; readonly to: string }
  /** Remove a file or a folder tree that quorate made. */
  | { readonly do: "remove"; readonly path: string }
  | { readonly do: "reload-units" }
  | { readonly do: "enable"; readonly unit: string }
  | { readonly do: "disable"; readonly unit: string }
  /** Start without waiting for readiness. */
  | { readonly do: "start"; readonly unit: string }
  /** SIGTERM, wait, and SIGKILL after the grace time. */
  | { readonly do: "stop"; readonly unit: string; readonly graceSeconds: number }
  | { readonly do: "append"; readonly path: string; readonly text: string }
  /**
   * Look for keys of the v2 API in a member's data, with the etcdutl of its own release; the member may run. Nothing of
   * it is changed: what is looked at are links to its snapshots and its log. The answer is "clean", "missing" when there
   * is no such etcdutl, or else what it said.
   */
  | {
      readonly do: "check-v2-store";
      readonly etcdutl: string;
      readonly data: string;
      readonly wal: string | undefined;
      /** quorate's own folder on the host, in which the links are. */
      readonly state: string;
      readonly answer: (said: string) => void;
    }
  /** Make a key that never leaves the host and answer with a certificate request (needs openssl on the host). */
  | {
      readonly do: "make-key";
      readonly path: string;
      readonly algorithm: string;
      readonly owner: string;
      readonly group: string;
      readonly csr: (pem: string) => void;
    };
