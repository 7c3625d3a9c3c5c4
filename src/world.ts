/**
 * The outside things that quorate works on, as narrow interfaces. Types only: the real adapters live in host/, etcd/,
 * pki/ and release/ and are named in open.ts alone; tests put a fake world in their place.
 */
import type { Cluster } from "./etcd/cluster.js";
import type { Host } from "./host/host.js";
import type { Authority } from "./pki/authority.js";
import type { Release } from "./release/release.js";
import type { Ledger } from "./apply/ledger.js";

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after the given milliseconds, or at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** A value that cannot be printed; see pki/secret.ts. */
export interface Hidden {
  reveal(): string;
}

/** Passwords of etcd's users, and what the operator's records have of those applied before. */
export interface Passwords {
  /** undefined: the file gives this user none. @throws QuorateError E_AUTH_PASSWORD when it cannot be had */
  of(user: string): Promise<Hidden | undefined>;
  /** Whether what was applied last is what the file says. Asks nobody. */
  isCurrent(user: string): Promise<boolean>;
  /** Why it could not be had now, in words; undefined when it could, or would be asked for. Asks nobody. */
  problem(user: string): Promise<string | undefined>;
  /** What was applied last; unknown when it was not quorate, or a quorate with other records. */
  kindApplied(user: string): Promise<"password" | "none" | "unknown">;
  /** Remember, as a salted digest, that this was applied. */
  record(user: string, password: Hidden | undefined): Promise<void>;
  forget(user: string): Promise<void>;
}

export interface World {
  /** The machine that a member lives on, by member name. Connects on first use. */
  host(member: string): Host;
  cluster: Cluster;
  authority: Authority;
  release: Release;
  ledger: Ledger;
  passwords: Passwords;
  /** Path of the local socket that leads to this port; undefined when the network does. @throws QuorateError E_SSH_* */
  through?: (port: { readonly host: string; readonly port: number }) => Promise<string | undefined>;
  clock: Clock;
  close(): Promise<void>;
}
