import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld } from "../../src/open.js";
import { adviceOf } from "../../src/advice-of.js";
import { readSpecFile } from "../../src/spec/load.js";
import { applyPlan } from "../../src/apply-plan.js";
import { planOf, survey } from "../../src/survey.js";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { etcdFolder } from "../support/etcd-binaries.js";
import { freePorts } from "../support/free-ports.js";
import type { Spec } from "../../src/spec/spec.js";
import type { World } from "../../src/world.js";
import type { Goal } from "../../src/plan/plan.js";

/** Advice on a real cluster: what its processes really run with, and what its members really say. */
const folder = mkdtempSync(join(tmpdir(), "quorate-advise-"));
const file = join(folder, "cluster.yaml");

async function read(ports: readonly number[], settings: string): Promise<Spec> {
  const members = [0, 1, 2].map(
    (index) => `  m${index}: { client: { port: ${ports[index]} }, peer: { port: ${ports[index + 3]} } }\n`,
  );
  const etcd = `etcd: { version: 3.5.30, settings: ${settings} }\n`;
  writeFileSync(
    file,
    `name: advised\nhosts: local\nmembers:\n${members.join("")}${etcd}release: { sources: [given], from: ${etcdFolder("3.5.30")} }\n`,
  );
  return (await readSpecFile(file, { cwd: folder, env: process.env })).spec;
}

async function reach(spec: Spec, goal: Goal): Promise<void> {
  const world = await openWorld(spec, { warn: () => undefined });
  try {
    const looked = await survey(spec, world);
    const plan = planOf(spec, looked, { goal });
    const report = await applyPlan({ spec, world, survey: looked, plan, command: "test" });
    expect([report.outcome, report.failure]).toEqual(["done", undefined]);
  } finally {
    await world.close();
  }
}

async function advised(spec: Spec): Promise<string[]> {
  const world: World = await openWorld(spec, { warn: () => undefined });
  try {
    return (await adviceOf(spec, world)).map(
      ({ severity, id, member }) => `${severity} ${id}${member === undefined ? "" : ` ${member}`}`,
    );
  } finally {
    await world.close();
  }
}

let ports: number[] = [];
let spec: Spec;
beforeAll(async () => {
  ports = await freePorts(6);
  spec = await read(
    ports,
    "{ auto-compaction-retention: 1h, feature-gates: LeaseCheckpoint=true, warning-apply-duration: 200ms }",
  );
  await reach(spec, "running");
}, 120_000);
afterAll(async () => {
  await reach(spec, "stopped");
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

const ofVersion = ["warn watch-too-wide", "warn handshake-stall"];

test("a fresh cluster is told of the faults of its version, and of nothing else", async () => {
  expect(await advised(spec)).toEqual(ofVersion);
});

test("another file than the one that the processes were started with is noticed on every member", async () => {
  const changed = await read(ports, "{ auto-compaction-retention: 2h }");
  expect(await advised(changed)).toEqual(["warn runs-otherwise", ...ofVersion]);
});

test("a member that is gone is grave, since no further one may be lost", async () => {
  const world = await openWorld(spec, { warn: () => undefined });
  const seen = await survey(spec, world).finally(() => world.close());
  const host = seen.seen.hosts["m1"];
  if (host?.reach !== "reachable" || host.service.pid === undefined) throw new Error("m1 does not run");
  process.kill(host.service.pid, "SIGKILL");
  const told = await advised(spec);
  expect(told.filter((one) => one.startsWith("critical"))).toEqual(["critical member-down m1"]);
});
