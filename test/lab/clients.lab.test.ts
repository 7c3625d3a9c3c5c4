/** What clients inside the lab's network notice when hosts have bad luck: the measure for every change to come. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { verdictLine } from "../../src/render/verdict-line.js";
import type { Clients } from "../support/workload-child.js";
import { startLabClients } from "../support/workload-lab.js";
import { heal, partition } from "./faults.js";
import type { LabHost } from "./host.js";
import { createLab, type Lab } from "./lab.js";
import { Operator, said } from "./operator.js";

interface Status {
  readonly Endpoint: string;
  readonly Status: { readonly header: { readonly member_id: number }; readonly leader: number };
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("clients of a cluster whose hosts have bad luck", () => {
  let lab: Lab;
  let operator: Operator;
  let clients: Clients | undefined;
  beforeAll(async () => {
    lab = await createLab();
    operator = await Operator.of(lab);
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
  });
  afterEach(() => clients?.kill());
  afterAll(() => lab.destroy());

  async function leader(): Promise<LabHost> {
    const status = await operator.etcdctl(["endpoint", "status", "-w", "json"]);
    const all = JSON.parse(status.stdout) as Status[];
    const found = all.find(({ Status: of }) => of.header.member_id === of.leader);
    const host = lab.hosts.find(({ address }) => found?.Endpoint.includes(address));
    if (host === undefined) throw new Error(said(status));
    return host;
  }

  test("lose nothing and are refused nothing when the leader's network is cut, and wait for an election", async () => {
    clients = await startLabClients(operator);
    await sleep(1_000);
    const victim = await leader();
    await clients.during("change", async () => {
      await partition(victim, [
        ...lab.hosts.filter((host) => host !== victim),
        { address: "10.64.3.1" },
        { address: "10.66.3.1" },
      ]);
      await sleep(5_000);
      await heal(victim);
      await sleep(3_000);
    });
    const verdict = await clients.stop();
    console.log(verdictLine(verdict));
    expect(verdict, JSON.stringify(verdict.findings)).toMatchObject({ outcome: "held", failed: 0, lost: 0 });
    expect(verdict.stall.longest).toBeGreaterThan(500);
  });

  test("lose nothing and are refused nothing when a follower's host loses its power", async () => {
    clients = await startLabClients(operator);
    await sleep(1_000);
    const first = await leader();
    const victim = lab.hosts.find((host) => host !== first);
    await clients.during("change", async () => {
      await victim?.powerLoss();
      await sleep(3_000);
      await victim?.boot();
      await sleep(3_000);
    });
    const verdict = await clients.stop();
    console.log(verdictLine(verdict));
    expect(verdict, JSON.stringify(verdict.findings)).toMatchObject({ outcome: "held", failed: 0, lost: 0 });
  });
});
