/**
 * The workload as a process of its own: for clients that sit in another network than those who want to know, and that
 * must not wait when others compute. One JSON value per line. On standard input the options come first, then what is to
 * be done; on standard output comes `{"started":true}`, and at the end the verdict. It ends with its standard input.
 */
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { judge } from "./oracle/judge.js";
import type { Limits, Verdict } from "./verdict.js";
import { startWorkload, type WorkloadOptions } from "./workload/workload.js";

export interface ProcessOptions extends Omit<WorkloadOptions, "endpoints" | "tls" | "user"> {
  readonly endpoints: readonly string[];
  /** Files in PEM, read at each new connection; none without TLS. */
  readonly files?: { readonly ca: string; readonly cert: string; readonly key: string } | undefined;
  /** Where to write the history, as JSON; nowhere unless told. */
  readonly history?: string | undefined;
}

/** What is to be done. `begin` and `end` give the time between them a name. */
export type Order =
  | { readonly do: "begin" | "end"; readonly name: string }
  | { readonly do: "endpoints"; readonly endpoints: readonly string[] }
  | { readonly do: "stop"; readonly limits?: Partial<Limits> | undefined };

export type Told =
  | { readonly started: true }
  | { readonly verdict: Verdict; readonly history?: string }
  | { readonly failure: string };

const tell = (told: Told): boolean => process.stdout.write(`${JSON.stringify(told)}\n`);

/** Sets of certificates are changed by moving a link to another folder; the folder itself stays as it is. */
const readSettled = (path: string): string => readFileSync(join(realpathSync(dirname(path)), basename(path)), "utf8");

async function run(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) return;
  const { endpoints, files, history: file, ...options } = JSON.parse(first.value) as ProcessOptions;
  let current = endpoints;
  const load = await startWorkload({
    ...options,
    endpoints: () => current,
    tls: async () => files && { ca: readSettled(files.ca), cert: readSettled(files.cert), key: readSettled(files.key) },
  });
  tell({ started: true });
  const open = new Map<string, { end: () => void; ended: Promise<void> }>();
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
    const order = JSON.parse(line.value) as Order;
    if (order.do === "stop") {
      const history = await load.finish();
      if (file !== undefined) writeFileSync(file, JSON.stringify(history));
      tell({ verdict: judge(history, order.limits), ...(file === undefined ? {} : { history: file }) });
      return;
    }
    if (order.do === "endpoints") current = order.endpoints;
    else if (order.do === "begin") {
      let end = (): void => undefined;
      const act = new Promise<void>((resolve) => (end = resolve));
      open.set(order.name, { end, ended: load.during(order.name, () => act) });
    } else {
      open.get(order.name)?.end();
      await open.get(order.name)?.ended;
    }
  }
  await load.finish();
}

run().catch((error: unknown) => {
  tell({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exitCode = 1;
});
