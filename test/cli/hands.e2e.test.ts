import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/until.js";
import { healthLines, LocalOperator, said } from "./quorate.js";

/** What a person at the keyboard does while quorate works: Ctrl-C, a second terminal, an answer to a question. */
describe("hands on the keyboard", () => {
  const operator = new LocalOperator();
  beforeAll(async () => {
    const ended = await operator.init();
    expect(ended.code, said(ended)).toBe(0);
  });
  const started: ChildProcess[] = [];
  afterAll(async () => {
    for (const child of started) child.kill("SIGKILL");
    await operator.leave();
  });

  interface Watched {
    readonly child: ChildProcess;
    readonly text: () => string;
    readonly ended: Promise<unknown>;
  }

  /** quorate in a process group of its own, as a terminal gives it one. */
  const start = (...args: readonly string[]): Watched => {
    const child = spawn(process.execPath, [operator.main, ...args], {
      cwd: operator.folder,
      env: operator.env,
      detached: true,
    });
    started.push(child);
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
    return { child, text: () => Buffer.concat(chunks).toString(), ended: once(child, "exit") };
  };
  /** What the terminal sends to everybody in the foreground. */
  const pressControlC = ({ child }: Watched): void => void process.kill(-(child.pid ?? 0), "SIGINT");

  test("Ctrl-C ends a run after the stage that is under way, and the next run goes on from there", async () => {
    const run = start("up", "--yes");
    await until(() => run.text().includes("\n1 prepare the hosts\n"));
    pressControlC(run);
    await run.ended;
    expect(run.child.exitCode, run.text()).toBe(130);
    expect(run.text()).toContain("press Ctrl-C again to stop at once");
    expect(run.text()).toMatch(/^ {2}etcd-2 {2}install certificates/m);
    expect(run.text()).not.toContain("start etcd for the first time: done");
    const again = await operator.quorate("up", "--yes");
    expect(again.code, said(again)).toBe(0);
    expect(again.stdout).not.toContain("prepare the hosts");
    expect(again.stdout.match(healthLines)).toHaveLength(3);
  });

  test("Ctrl-C of a later run leaves the members running", async () => {
    const watch = start("health", "--watch", "1");
    await until(() => watch.text().split("is healthy").length > 3);
    pressControlC(watch);
    await watch.ended;
    expect((await operator.quorate("health")).code).toBe(0);
  });

  test("who holds the lock is shown, and can be stopped for good", async () => {
    expect((await operator.quorate("unlock")).stdout).toBe("Nobody holds the lock.\n");
    const holder = start("stop", "--yes");
    await until(() => holder.text().includes("\n1 stop "));
    holder.child.kill("SIGSTOP");
    const shown = await operator.quorate("unlock");
    expect(shown.stdout, said(shown)).toContain(`(pid ${holder.child.pid})`);
    expect(shown.stdout).toContain("quorate stop");
    const refused = await operator.quorate("stop", "--yes");
    expect(refused.code, said(refused)).toBe(1);
    expect(refused.stderr).toContain("E_LOCKED");
    const stolen = await operator.quorate("unlock", "--steal", "--yes");
    expect(stolen.code, said(stolen)).toBe(0);
    expect((await operator.quorate("unlock")).stdout).toBe("Nobody holds the lock.\n");
    holder.child.kill("SIGCONT");
    await holder.ended;
    expect(holder.child.exitCode, holder.text()).toBe(1);
    // A member that was told to stop just before may still be on its way out.
    await until(async () => (await operator.quorate("up", "--yes")).code === 0, 60_000);
  });

  test("a person at a terminal is asked, and a no changes nothing", async () => {
    const no = await operator.atTerminal(["stop"], "n\n");
    expect(no).toContain("Stop trial? It serves nobody then. [y/N]");
    expect(no).toContain("E_NOT_CONFIRMED");
    expect((await operator.quorate("health")).code).toBe(0);
  });

  test("a person at a terminal who says yes sees one line for each stage", async () => {
    const yes = await operator.atTerminal(["stop"], "y\n");
    expect(yes.match(/✓.*stop etcd-\d/g)).toHaveLength(3);
    expect((await operator.quorate("health")).code).toBe(1);
  });
});
