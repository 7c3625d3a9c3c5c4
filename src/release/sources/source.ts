/**
 * One place that etcd binaries can come from. Sources only bring files; judging and keeping them is done once, for
 * all.
 */
import type { ReleaseSource } from "../../spec/spec.js";

/** How far a transfer is: bytes so far, bytes in all where known, and what is being done in words. */
export type Progress = (done: number, total: number | undefined, what: string) => void;

export interface Order {
  /** Exact version, for example 3.5.30. */
  readonly version: string;
  /** GOARCH. */
  readonly arch: string;
  /** An empty folder of our own; the binaries go right into it. */
  readonly into: string;
  readonly progress: Progress;
}

export interface Obtained {
  /** Where from, in words. */
  readonly source: string;
  /** What was unpacked, with the digest it was checked against. */
  readonly archives: readonly { readonly name: string; readonly sha256: string }[];
}

export interface Source {
  readonly name: Exclude<ReleaseSource, "cache">;
  /** Exact versions to be had for this arch, in any order. @throws QuorateError E_RELEASE_* when it cannot tell. */
  offers(arch: string): Promise<readonly string[]>;
  /**
   * Puts etcd, etcdctl and, where there is one, etcdutl into the folder, having checked every digest before unpacking.
   * @throws QuorateError E_RELEASE_DIGEST stops the whole search; any other E_RELEASE_* lets the next source try.
   */
  obtain(order: Order): Promise<Obtained>;
  /**
   * Only for what a user hands over: a digest of it, so that it is kept apart from what the public sources bring.
   * undefined: it does not hold this version and arch.
   */
  identity?(version: string, arch: string): Promise<string | undefined>;
}

/** The cache is no source like the others: it brings nothing, it has it. */
export type Place = Source | "cache";
