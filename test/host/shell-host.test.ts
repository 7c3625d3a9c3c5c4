import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { QuorateError } from "../../src/errors.js";
import { lostShell, openLocalShell } from "../../src/host/local-shell.js";
import { openSshHost } from "../../src/host/ssh-host.js";
import { ShellHost } from "../../src/host/shell-host.js";
import type { Shell } from "../../src/host/shell.js";
import { holder } from "./host-contract.js";
import { localTrial, type LocalTrial } from "./local-trial.js";

let trial: LocalTrial;
let host: ShellHost;
const shells: Shell[] = [];
beforeEach(async () => {
  trial = await localTrial();
  const open = (): Shell => {
    const shell = openLocalShell("a");
    shells.push(shell);
    return shell;
  };
  host = new ShellHost("a", open, { state: trial.state, readIdentity: () => undefined });
});
afterEach(async () => {
  await host.close();
  shells.length = 0;
  await trial.remove();
});

const killShell = async (): Promise<void> => {
  const shell = shells.at(-1) as Shell;
  process.kill(shell.pid as number, "SIGKILL");
  await expect.poll(() => shell.ended).toBeDefined();
};

it("connects when something is first asked of it, and once", async () => {
  expect(shells).toHaveLength(0);
  await Promise.all([trial.look(host), host.act([trial.put("f", "x")]), trial.look(host)]);
  expect(shells).toHaveLength(1);
});

it("connects again after its shell is gone", async () => {
  await trial.look(host);
  await killShell();
  await host.act([trial.put("f", "again")]);
  expect(await readFile(join(trial.folder, "f"), "utf8")).toBe("again");
});

it("looks but changes nothing once the shell that held the lock is gone", async () => {
  await host.lock(holder("ann"));
  await killShell();
  expect((await trial.look(host)).lock).toBeUndefined();
  await expect(host.act([trial.put("f", "x")])).rejects.toMatchObject({ code: "E_LOCK_LOST" });
  expect(await host.lock(holder("ann"))).toBeUndefined();
  await host.act([trial.put("f", "x")]);
});

it("reports an unreachable host as an observation, not as a failure", async () => {
  const target = {
    kind: "ssh",
    host: "db1",
    user: undefined,
    port: undefined,
    identity: undefined,
    jump: undefined,
    ports: "direct",
    become: "none",
  } as const;
  const gone = openSshHost("a", target, {
    state: trial.state,
    readIdentity: () => undefined,
    program: join(trial.folder, "no-ssh"),
  });
  await expect(trial.look(gone)).rejects.toMatchObject({ code: "E_SSH_MISSING" });
  await expect(gone.act([trial.put("f", "x")])).rejects.toMatchObject({ code: "E_SSH_MISSING" });
  await gone.close();
});

it("says which action failed and in which words", async () => {
  const error: unknown = await host.act([trial.put("no/such/f", "x")]).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(QuorateError);
  expect((error as QuorateError).message).toBe(
    `a: could not write ${trial.folder}/no/such/f: ${trial.folder}/no/such is not a folder`,
  );
});

it("counts a wait, not a message", async () => {
  await host.act([trial.put("a", "1"), trial.put("b", "2"), trial.put("c", "3")]);
  await trial.look(host);
  expect(host.roundTrips).toBe(2);
});

it("calls a closed shell lost", () => {
  expect(lostShell("a", { status: undefined, ready: true, chatter: "", stderr: "", reason: "closed" }).code).toBe(
    "E_HOST_LOST",
  );
});
