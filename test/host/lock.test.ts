import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockScript, unlockScript } from "../../src/host/lock-script.js";
import { openLocalShell } from "../../src/host/local-shell.js";
import type { Shell } from "../../src/host/shell.js";
import { holder } from "./host-contract.js";
import { localTrial, type LocalTrial } from "./local-trial.js";

let trial: LocalTrial;
const shells: Shell[] = [];
const open = (): Shell => {
  const shell = openLocalShell("a");
  shells.push(shell);
  return shell;
};
beforeEach(async () => {
  trial = await localTrial();
});
afterEach(async () => {
  await Promise.all(shells.splice(0).map((shell) => shell.close()));
  await trial.remove();
});

const take = async (shell: Shell, who: string): Promise<boolean> => {
  const answer = await shell.run({ script: lockScript(trial.state, holder(who), false) });
  return answer.stdout.toString("utf8").startsWith("ours");
};

it("never lets two in, however many crowd at the door and come and go", async () => {
  let inside = 0;
  let entered = 0;
  const visitors = Array.from({ length: 5 }, async (_, index) => {
    const shell = open();
    for (let attempt = 0; attempt < 30; attempt += 1) {
      if (!(await take(shell, `op-${index}`))) continue;
      inside += 1;
      entered += 1;
      expect(inside).toBe(1);
      await shell.run({ script: ":" });
      inside -= 1;
      await shell.run({ script: unlockScript(trial.state) });
    }
  });
  await Promise.all(visitors);
  expect(entered).toBeGreaterThan(10);
});

it("withdraws when its number was free again because others went on", async () => {
  // A late contender that judged number 0 dead finds 1 removed, but 2 taken.
  const [first, late] = [open(), open()];
  await take(first, "ann");
  const lateScript = lockScript(trial.state, holder("bob"), false).replace(
    /if ln --/,
    () => `mv ${trial.state}/lock/1 ${trial.state}/lock/2; n=0; if ln --`,
  );
  const judgedDead = lateScript.replace('if [ "$a" = alive ]; then', 'if [ "$w" != 1 ] && [ "$a" = alive ]; then');
  const answer = await late.run({ script: judgedDead });
  expect(answer.stdout.toString("utf8")).toMatch(/^held\n.*"ann"/);
});

it("is free when the machine was started anew in between", async () => {
  await mkdir(join(trial.state, "lock"), { recursive: true });
  await writeFile(
    join(trial.state, "lock", "41"),
    `1 1 00000000-0000-0000-0000-000000000000\n${JSON.stringify(holder("ann"))}\n`,
  );
  expect(await take(open(), "bob")).toBe(true);
});

it("is free when another process has got the holder's number", async () => {
  const boot = (await open().run({ script: "cat /proc/sys/kernel/random/boot_id" })).stdout.toString("utf8").trim();
  await mkdir(join(trial.state, "lock"), { recursive: true });
  await writeFile(join(trial.state, "lock", "9"), `1 12345678901 ${boot}\n{}\n`);
  expect(await take(open(), "bob")).toBe(true);
});

it("stays with a shell that takes it twice", async () => {
  const shell = open();
  expect([await take(shell, "ann"), await take(shell, "ann")]).toEqual([true, true]);
});

it("leaves one small file behind, however often it is taken", async () => {
  const shell = open();
  for (let round = 0; round < 5; round += 1) {
    await take(shell, "ann");
    await shell.run({ script: unlockScript(trial.state) });
  }
  expect(await readdir(join(trial.state, "lock"))).toHaveLength(1);
});

it("can be given back when its folder was removed meanwhile", async () => {
  const shell = open();
  await take(shell, "ann");
  const answer = await shell.run({ script: `rm -rf ${trial.state}; ${unlockScript(trial.state)}` });
  expect(answer.status).toBe(0);
});

it("ends a holder that is in the middle of something when it is stolen", async () => {
  const [host, thief] = [trial.open(), trial.open()];
  await host.lock(holder("ann"));
  const slow = host.act([
    {
      do: "put-file",
      path: join(trial.folder, "late"),
      mode: "0644",
      owner: "root",
      group: "root",
      sha256: "ab".repeat(32),
      bytes: () => new Promise(() => undefined),
    },
  ]);
  slow.catch(() => undefined);
  expect(await thief.lock(holder("bob"), true)).toBeUndefined();
  expect((await trial.look(thief)).lock).toEqual(holder("bob"));
  await expect(host.act([{ do: "append", path: join(trial.folder, "x"), text: "x" }])).rejects.toMatchObject({
    code: "E_LOCK_LOST",
  });
});
