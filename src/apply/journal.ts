/**
 * The record of a run, on the operator's disk (line by line, each synced) and on every host that
 * answers (sent along with the next commands, so that it costs no round trip of its own).
 */
import { join } from "node:path";
import { QuorateError } from "../errors.js";
import type { HostAction } from "../host/host.js";
import type { MemberSpec } from "../spec/spec.js";
import type { Owner } from "../plan/desired.js";
import type { Ledger } from "./ledger.js";
import type { RunEvent } from "./events.js";

/** The names of all runs that a host has seen, one per line. */
export const runsIndex = (member: MemberSpec): string => join(member.paths.state, "runs", "index");

export class Journal {
  readonly #ledger: Ledger;
  readonly #run: string;
  readonly #keeper: Owner;
  readonly #lines: string[] = [];
  readonly #sent = new Map<string, number>();
  #written = 0;
  #writing: Promise<void> = Promise.resolve();

  /** @param keeper who owns quorate's records on the hosts */
  constructor(ledger: Ledger, run: string, keeper: Owner) {
    this.#ledger = ledger;
    this.#run = run;
    this.#keeper = keeper;
  }

  record(event: RunEvent): void {
    if (event.type === "step-progress") return;
    const line = JSON.stringify(event);
    this.#lines.push(line);
    this.#writing = this.#writing.then(() => this.#write());
    this.#writing.catch(() => undefined); // Told by synced().
  }

  /** All that there is by now, at once: each sync keeps the disk from the members of this machine. */
  async #write(): Promise<void> {
    const lines = this.#lines.slice(this.#written);
    if (lines.length === 0) return;
    await this.#ledger.append(this.#run, lines);
    this.#written += lines.length;
  }

  /** Resolves when every line so far is on the operator's disk. @throws QuorateError E_JOURNAL when one cannot be had there */
  async synced(): Promise<void> {
    try {
      await this.#writing;
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      throw new QuorateError("E_JOURNAL", `the record of run ${this.#run} cannot be written`, { found, cause });
    }
  }

  /** The lines that this host has not been sent yet, as actions to put in front of others. */
  outstanding(member: MemberSpec): HostAction[] {
    const from = this.#sent.get(member.name) ?? 0;
    if (from === this.#lines.length) return [];
    this.#sent.set(member.name, this.#lines.length);
    const text = `${this.#lines.slice(from).join("\n")}\n`;
    const folder = join(member.paths.state, "runs");
    const line: HostAction = { do: "append", path: join(folder, `${this.#run}.jsonl`), text };
    if (from > 0) return [line];
    // A host is asked for files by name, so the names of its runs stand in a file of their own.
    const index: HostAction = { do: "append", path: runsIndex(member), text: `${this.#run}\n` };
    return [{ do: "make-directory", path: folder, mode: "0755", ...this.#keeper }, index, line];
  }
}
