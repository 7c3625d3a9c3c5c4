/** What the contract of a Host is tried on, and the tools to try it with. Uses nothing but the interface. */
import { createHash } from "node:crypto";
import { QuorateError } from "../../src/errors.js";
import type { Host, HostAction, HostQuestion, LockHolder, Reachable } from "../../src/host/host.js";

/** One host to try things on, and a second connection to the same host, as another operator would have. */
export interface Trial {
  readonly host: Host;
  readonly rival: Host;
  /** An existing, empty folder on the host that the trial owns. */
  readonly folder: string;
  /** Account that owns what is made there. */
  readonly owner: string;
  readonly group: string;
  readonly service: HostQuestion["service"];
  /** A unit (or run script) of a program that runs until SIGTERM, with QUORATE_CONFIG=c0ffee. */
  readonly unitText: string;
  readonly unitMode: string;
  cleanUp(): Promise<void>;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const sha256 = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export const holder = (operator: string): LockHolder => ({
  operator,
  machine: "laptop",
  pid: 4711,
  command: "quorate up",
  since: "2031-04-05T06:07:08.000Z",
  run: "20310405T060708-ab12",
});

/** @param current the trial of the test that runs */
export function toolsFor(current: () => Trial) {
  const at = (path: string): string => `${current().folder}/${path}`;
  const put = (path: string, text: string, mode = "0644"): HostAction => ({
    do: "put-file",
    path: at(path),
    mode,
    owner: current().owner,
    group: current().group,
    sha256: sha256(text),
    bytes: async () => bytesOf(text),
  });
  const folder = (path: string, mode = "0755"): HostAction => ({
    do: "make-directory",
    path: at(path),
    mode,
    owner: current().owner,
    group: current().group,
  });
  const look = async (question: Partial<HostQuestion> = {}): Promise<Reachable> => {
    const seen = await current().host.observe({
      service: current().service,
      user: current().owner,
      texts: [],
      stats: [],
      digests: [],
      releases: [],
      data: at("data"),
      wal: undefined,
      state: at("state"),
      ports: [],
      ...question,
    });
    if (seen.reach === "unreachable") throw seen.error;
    return seen;
  };
  const failure = async (work: Promise<unknown>): Promise<QuorateError> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof QuorateError)) throw new Error(`expected a QuorateError, got ${String(error)}`);
    return error;
  };
  return { at, put, folder, look, failure };
}
