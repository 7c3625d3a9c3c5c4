/** The product's workload in a process of its own, which may sit in another network. Needs `npm run build`. */
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Order, ProcessOptions, Told } from "../../src/drill/workload-process.js";
import type { Limits, Verdict } from "../../src/drill/verdict.js";
import { project } from "../lab/folders.js";

export interface Clients {
  /** Gives the time that `act` takes a name: "change" and "control" are compared. */
  during<T>(name: string, act: () => Promise<T>): Promise<T>;
  /** Lets this many milliseconds go by as control time. */
  control(milliseconds: number): Promise<void>;
  /** Replaces the endpoints that the clients fall back on. */
  endpoints(endpoints: readonly string[]): void;
  /** Ends the clients. Once. */
  stop(limits?: Partial<Limits>): Promise<Verdict>;
  /** Ends them without a verdict; does nothing when they have ended. */
  kill(): Promise<void>;
}

const program = join(project, "dist", "drill", "workload-process.js");

/**
 * Resolves when the clients are at work. @throws Error with what the process said when it cannot begin
 * @param start spawns a command with pipes
 */
export async function startClients(
  start: (argv: readonly [string, ...string[]]) => ChildProcess,
  options: ProcessOptions,
): Promise<Clients> {
  const child = start([process.execPath, program]);
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error("the clients need pipes");
  const errors: Buffer[] = [];
  stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  stdin.on("error", () => undefined); // the lines that do not come tell
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const send = (order: Order | ProcessOptions): boolean => stdin.write(`${JSON.stringify(order)}\n`);
  const hear = async (): Promise<Told> => {
    const line = await lines.next();
    const told: Told =
      line.done === true ? { failure: Buffer.concat(errors).toString() } : (JSON.parse(line.value) as Told);
    if ("failure" in told) throw new Error(`the clients ended: ${told.failure}`);
    return told;
  };

  send(options);
  await hear();
  const clients: Clients = {
    async during(name, act) {
      send({ do: "begin", name });
      try {
        return await act();
      } finally {
        send({ do: "end", name });
      }
    },
    control: (milliseconds) =>
      clients.during("control", () => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))),
    endpoints: (endpoints) => void send({ do: "endpoints", endpoints }),
    async stop(limits) {
      send({ do: "stop", limits });
      const told = await hear();
      stdin.end();
      await ended;
      if (!("verdict" in told)) throw new Error(`the clients said ${JSON.stringify(told)} instead of a verdict`);
      return told.verdict;
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
  return clients;
}

/** What `quorate export etcdctl` printed, as the clients want it. */
export function clientOptions(exported: string): Pick<ProcessOptions, "endpoints" | "files"> {
  const value = (name: string): string | undefined =>
    new RegExp(`^(?:export )?ETCDCTL_${name}=['"]?([^'"\\n]*)['"]?$`, "m").exec(exported)?.[1];
  const [ca, cert, key] = [value("CACERT"), value("CERT"), value("KEY")];
  const endpoints = value("ENDPOINTS")?.split(",") ?? [];
  if (endpoints.length === 0) throw new Error(`no endpoints in:\n${exported}`);
  if (ca === undefined || cert === undefined || key === undefined) return { endpoints };
  return { endpoints, files: { ca, cert, key } };
}
