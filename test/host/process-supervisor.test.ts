import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Host, ServiceFact } from "../../src/host/host.js";
import { localTrial, type LocalTrial } from "./local-trial.js";

let trial: LocalTrial;
let host: Host;
beforeEach(async () => {
  trial = await localTrial();
  host = trial.open();
});
afterEach(async () => {
  await trial.remove();
});

const script = (body: string): Promise<void> => writeFile(trial.unitPath, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
const start = (): Promise<void> => host.act([{ do: "start", unit: "etcd" }]);
const stop = (graceSeconds: number): Promise<void> => host.act([{ do: "stop", unit: "etcd", graceSeconds }]);
const service = async (): Promise<ServiceFact> => (await trial.look(host)).service;

it("starts a process in a session of its own, with its output in a file", async () => {
  await script("echo hello; echo oops >&2; exec sleep 600");
  await start();
  const { pid } = await service();
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  expect(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3]).toBe(String(pid));
  await expect.poll(() => readFile(join(trial.state, "etcd.log"), "utf8")).toBe("hello\noops\n");
});

it("gives the process nothing of quorate's own environment", async () => {
  process.env["QUORATE_TEST_CANARY"] = "1";
  await script("exec sleep 600");
  await start();
  const { pid } = await service();
  expect(await readFile(`/proc/${pid}/environ`, "utf8")).not.toContain("CANARY");
  delete process.env["QUORATE_TEST_CANARY"];
});

it("starts nothing twice", async () => {
  await script("exec sleep 600");
  await start();
  const { pid } = await service();
  await start();
  expect((await service()).pid).toBe(pid);
});

it("knows a process that another quorate started", async () => {
  await script("exec sleep 600");
  await start();
  const other = trial.open();
  await other.act([{ do: "stop", unit: "etcd", graceSeconds: 5 }]);
  expect((await service()).state).toBe("stopped");
});

it("ends a process that does not listen to SIGTERM", async () => {
  await script("trap '' TERM; echo ready; while :; do sleep 0.1; done");
  await start();
  await expect.poll(() => readFile(join(trial.state, "etcd.log"), "utf8")).toBe("ready\n");
  const { pid } = await service();
  await stop(0.2);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});

it("shows a process that ended by itself as failed, with its last words", async () => {
  await script("echo 'flag provided but not defined'; exit 2");
  await start();
  await expect.poll(async () => (await service()).state).toBe("failed");
  expect((await service()).logTail).toEqual(["flag provided but not defined"]);
});

it("says when there is nothing to run", async () => {
  await start();
  await expect.poll(async () => (await service()).state).toBe("failed");
});

it("leaves a stranger alone that has got the number of a member of before", async () => {
  await script("exec sleep 600");
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  await mkdir(trial.state, { recursive: true });
  await writeFile(join(trial.state, "etcd.pid"), `${process.pid} 1 ${boot}\n`);
  await stop(1);
  expect((await service()).state).toBe("stopped");
});

it("calls a member of before the last boot stopped, not failed", async () => {
  await mkdir(trial.state, { recursive: true });
  await writeFile(join(trial.state, "etcd.pid"), "4711 1 00000000-0000-0000-0000-000000000000\n");
  expect((await service()).state).toBe("stopped");
});

it("names who listens on a port", async () => {
  const port = 30_000 + (process.pid % 20_000);
  await script(`exec ${process.execPath} -e 'require("net").createServer().listen(${port},"127.0.0.1")'`);
  await start();
  const listeners = async () => (await trial.look(host, { ports: [port] })).listeners;
  await expect.poll(async () => (await listeners()).length, { timeout: 10_000 }).toBe(1);
  expect((await listeners())[0]).toMatchObject({ address: "127.0.0.1", port, pid: (await service()).pid });
});

it("names a stranger who listens on a port", async () => {
  const { createServer } = await import("node:net");
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  expect((await trial.look(host, { ports: [port] })).listeners).toEqual([
    { address: "127.0.0.1", port, pid: process.pid, command: expect.any(String) },
  ]);
  server.close();
});
