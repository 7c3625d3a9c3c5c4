/** A change to a running cluster, seen by ordinary clients that go to all members in turn. */
import { expect } from "vitest";
import { verdictLine } from "../../src/render/verdict-line.js";
import type { Verdict } from "../../src/drill/verdict.js";
import type { ProcessOptions } from "../../src/drill/workload-process.js";
import { startLabClients } from "../support/workload-lab.js";
import type { Doing } from "./guide.js";
import { said, type Operator } from "./operator.js";

/** Milliseconds of undisturbed load before a change. */
const before = 1_000;

/**
 * Has clients at work before, during and for as long again after a change. They must be refused nothing, lose nothing,
 * and see time go one way only; afterwards there must be nothing left to do.
 * @param change puts what is measured into `doing`
 * @param options of the clients, other than the usual ones
 */
export async function underLoad(
  operator: Operator,
  title: string,
  change: (doing: Doing) => Promise<void>,
  options: Partial<ProcessOptions> = {},
): Promise<Verdict> {
  const clients = await startLabClients(operator, options);
  try {
    await clients.control(before);
    let wall = 0;
    await change(async (act) => {
      const begin = performance.now();
      try {
        return await clients.during("change", act);
      } finally {
        wall += performance.now() - begin;
      }
    });
    await clients.control(wall);
    const verdict = await clients.stop();
    console.log(`${title}: ${verdictLine(verdict)}, ${(wall / 1_000).toFixed(1)} s`);
    expect(verdict, JSON.stringify(verdict.findings)).toMatchObject({ outcome: "held", failed: 0, lost: 0 });
    await nothingToDo(operator);
    return verdict;
  } finally {
    await clients.kill();
  }
}

export async function nothingToDo(operator: Operator): Promise<void> {
  const plan = await operator.quorate(["plan"]);
  expect(plan.code, said(plan)).toBe(0);
}

interface Status {
  readonly Endpoint: string;
  readonly Status: {
    readonly header: { readonly member_id: number };
    readonly leader: number;
    readonly version: string;
  };
}

/** What each member says of itself, by the host that it is on, in etcdctl's words. */
export async function members(operator: Operator): Promise<{ host: string; leads: boolean; version: string }[]> {
  const ended = await operator.etcdctl(["endpoint", "status", "-w", "json"]);
  if (ended.code !== 0) throw new Error(said(ended));
  return (JSON.parse(ended.stdout) as Status[]).map(({ Endpoint, Status: of }) => ({
    host: operator.lab.hosts.find(({ address }) => Endpoint.includes(`//${address}:`))?.name ?? Endpoint,
    leads: of.header.member_id === of.leader,
    version: of.version,
  }));
}

/** The cluster's own list: names of voters. A learner is told as one. */
export async function voters(operator: Operator): Promise<string[]> {
  const ended = await operator.etcdctl(["member", "list"]);
  if (ended.code !== 0) throw new Error(said(ended));
  const lines = ended.stdout
    .trim()
    .split("\n")
    .map((line) => line.split(", "));
  return lines.map(([, , name = "", , , learner]) => (learner === "true" ? `${name} (learner)` : name)).sort();
}

/** Has this host's member lead. */
export async function leadBy(operator: Operator, host: string): Promise<void> {
  if ((await members(operator)).some((member) => member.leads && member.host === host)) return;
  const all = await operator.etcdctl(["member", "list"]);
  const line = all.stdout.split("\n").find((one) => one.includes(`, ${host}, `));
  const moved = await operator.etcdctl(["move-leader", line?.split(",")[0] ?? ""]);
  if (moved.code !== 0) throw new Error(said(moved));
}
