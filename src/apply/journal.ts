/**
 * The record of a run, on the operator's disk (every line synced before its effect is reported) and on every host that
 * answers (sent along with the next commands, so that it costs no round trip of its own).
 */
import { join } from "node:path";
import type { HostAction } from "../host/host.js";
import type { MemberSpec } from "../spec/spec.js";
import type { Ledger } from "./ledger.js";
import type { RunEvent } from "./events.js";

/** The names of all runs that a host has seen, one per line. */
export const runsIndex = (member: MemberSpec): string => join(member.paths.state, "runs", "index");

export class Journal {
  readonly #ledger: Ledger;
  readonly #run: string;
  readonly #lines: string[] = [];
  readonly #sent = new Map<string, number>();
  #writing: Promise<void> = Promise.resolve();

  constructor(ledger: Ledger, run: string) {
    this.#ledger = ledger;
    this.#run = run;
  }

  record(event: RunEvent): void {
    if (event.type === "step-progress") return;
    const line = JSON.stringify(event);
    this.#lines.push(line);
    this.#writing = this.#writing.then(() => this.#ledger.append(this.#run, line));
  }

  /** Resolves when every line so far is on the operator's disk. */
  synced(): Promise<void> {
    return this.#writing;
  }

  /** The lines that this host has not been sent yet, as actions to put in front of others. */
  outstanding(member: MemberSpec): HostAction[] {
    const from = this.#sent.get(member.name) ?? 0;
    if (from === this.#lines.length) return [];
    this.#sent.set(member.name, this.#lines.length);
    const text = `${this.#lines.slice(from).join("\n")}\n`;
    const line: HostAction = { do: "append", path: join(member.paths.state, "runs", `${this.#run}.jsonl`), text };
    // A host is asked for files by name, so the names of its runs stand in a file of their own.
    return from > 0 ? [line] : [{ do: "append", path: runsIndex(member), text: `${this.#run}\n` }, line];
  }
}
