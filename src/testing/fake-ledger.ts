import type { Formed, Ledger, SavedSnapshot } from "../apply/ledger.js";
import type { MemberSpec } from "../spec/spec.js";
import type { Clock } from "../world.js";

/** An operator's records in memory. They outlive every run, as the files do. */
export class FakeLedger implements Ledger {
  #formed: Formed | undefined;
  #version: string | undefined;
  #roster: readonly MemberSpec[] = [];
  readonly #snapshots: SavedSnapshot[] = [];
  readonly #runs = new Map<string, string[]>();
  /** Of the world in which the operator sits. */
  clock: Pick<Clock, "now"> = Date;
  /** What appending fails with: a full disk. */
  fault: Error | undefined;

  async formed(): Promise<Formed | undefined> {
    return this.#formed;
  }

  async recordFormed(formed: Formed): Promise<void> {
    this.#formed = formed;
  }

  async chosenVersion(): Promise<string | undefined> {
    return this.#version;
  }

  async recordVersion(version: string): Promise<void> {
    this.#version = version;
  }

  async roster(): Promise<readonly MemberSpec[]> {
    return this.#roster;
  }

  /** Members that quorate has put somewhere. */
  get known(): readonly MemberSpec[] {
    return this.#roster;
  }

  async recordRoster(members: readonly MemberSpec[]): Promise<void> {
    this.#roster = members;
  }

  async snapshots(): Promise<readonly SavedSnapshot[]> {
    return this.#snapshots;
  }

  async saveSnapshot(label: string, stream: AsyncIterable<Uint8Array>): Promise<void> {
    let size = 0;
    for await (const blob of stream) size += blob.length;
    this.#snapshots.push({ label, path: `/snapshots/${label}.db`, at: this.clock.now(), size });
  }

  async append(run: string, lines: readonly string[]): Promise<void> {
    if (this.fault !== undefined) throw this.fault;
    this.#runs.set(run, [...(this.#runs.get(run) ?? []), ...lines]);
  }

  async runs(): Promise<readonly string[]> {
    return [...this.#runs.keys()].sort();
  }

  async read(run: string): Promise<string> {
    return `${(this.#runs.get(run) ?? []).join("\n")}\n`;
  }

  async forget(): Promise<void> {
    this.#formed = undefined;
    this.#version = undefined;
    this.#roster = [];
  }
}
