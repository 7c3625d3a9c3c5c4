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

export interface World {
  /** The machine that a member lives on, by member name. Connects on first use. */
  host(member: string): Host;
  cluster: Cluster;
  authority: Authority;
  release: Release;
  ledger: Ledger;
  clock: Clock;
  close(): Promise<void>;
}
