import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { QuorateError } from "../../src/errors.js";
import { lostShell } from "../../src/host/local-shell.js";
import { remoteCommand, shellProgram } from "../../src/host/shell-loop.js";
import { Shell, type ShellOptions } from "../../src/host/shell.js";

const nonce = "0123456789abcdef01234567";
const children: ChildProcessWithoutNullStreams[] = [];

/** A shell behind a command line as sshd would run it: `SHELL -c COMMAND`. */
function open(command: string, options: Partial<ShellOptions> = {}): Shell {
  const child = spawn("sh", ["-c", command], { detached: true, stdio: "pipe" });
  children.push(child);
  return new Shell(child, { nonce, explain: (ending) => lostShell("h", ending), ...options });
}

const program = shellProgram(nonce);
const text = (answer: { stdout: Buffer }): string => answer.stdout.toString("utf8");
const bytes = (content: string) => async () => new TextEncoder().encode(content);

describe("a shell", () => {
  let shell: Shell;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "quorate-shell-"));
    shell = open(program);
  });
  afterEach(async () => {
    await shell.close();
    for (const child of children.splice(0))
      if (child.exitCode === null && child.pid !== undefined) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  it("answers with output, errors and status apart", async () => {
    const answer = await shell.run({ script: "echo out; echo err >&2; exit 3" });
    expect([answer.status, text(answer), answer.stderr]).toEqual([3, "out\n", "err\n"]);
  });

  it("answers a script that prints no newline, and one that prints nothing", async () => {
    const answers = await Promise.all([shell.run({ script: "printf abc" }), shell.run({ script: ":" })]);
    expect(answers.map(text)).toEqual(["abc", ""]);
  });

  it("keeps output that is not text", async () => {
    const answer = await shell.run({ script: "printf '\\000\\377\\n\\n'" });
    expect([...answer.stdout]).toEqual([0, 255, 10, 10]);
  });

  it("forgets what one script set when the next one runs", async () => {
    await shell.run({ script: "cd /tmp; x=1; set -e; umask 0" });
    expect(text(await shell.run({ script: 'echo "$PWD [${x-}] $(umask)"; false; echo on' }))).toBe("/ [] 0077\non\n");
  });

  it("speaks the C locale", async () => {
    expect(text(await shell.run({ script: 'echo "$LC_ALL"' }))).toBe("C\n");
  });

  it("gives a script exactly its payload", async () => {
    const [first, second] = await Promise.all(
      shell.chain([{ script: "cat", payload: bytes("one\ntwo") }, { script: "cat" }]),
    );
    expect([text(first!), text(second!)]).toEqual(["one\ntwo", ""]);
  });

  it("stays in step when a script leaves its payload unread", async () => {
    const payload = async (): Promise<Uint8Array> => new Uint8Array(1_000_000).fill(10);
    const answers = await Promise.all([shell.run({ script: "exit 4", payload }), shell.run({ script: "echo next" })]);
    expect(answers.map((answer) => answer.status)).toEqual([4, 0]);
    expect(text(answers[1]!)).toBe("next\n");
  });

  it("skips the rest of a chain after a failure, but not the next chain", async () => {
    const made = join(folder, "made");
    const chain = shell.chain([
      { script: "false" },
      { script: `touch ${made}` },
      { script: `cat >${made}`, payload: bytes("x") },
    ]);
    const after = shell.run({ script: "echo after" });
    expect((await Promise.all(chain)).map((answer) => answer.status)).toEqual([1, undefined, undefined]);
    expect(text(await after)).toBe("after\n");
    expect(existsSync(made)).toBe(false);
  });

  it("sends nothing more of a chain when a payload cannot be had", async () => {
    const made = join(folder, "made");
    const chain = shell.chain([
      { script: "cat", payload: () => Promise.reject(new Error("gone")) },
      { script: `touch ${made}` },
    ]);
    await expect(Promise.all(chain)).rejects.toThrow("gone");
    await Promise.allSettled(chain);
    expect((await shell.run({ script: "echo fine" })).status).toBe(0);
    expect(existsSync(made)).toBe(false);
  });

  it("never runs a script that was cut short", async () => {
    const made = join(folder, "made");
    const child = spawn("sh", ["-c", program], { stdio: ["pipe", "ignore", "ignore"] });
    const script = `touch ${made}\nsleep 0\n#${nonce}`;
    child.stdin.end(`1 1 ${script.length} 0\n${script.slice(0, -5)}`);
    await new Promise((resolve) => child.on("exit", resolve));
    expect(existsSync(made)).toBe(false);
  });

  it("rejects everything that waits, with one error, when its process is killed", async () => {
    const waiting = [shell.run({ script: "sleep 60" }), shell.run({ script: "echo never" })];
    await expect.poll(() => shell.pid).toBeDefined();
    process.kill(shell.pid as number, "SIGKILL");
    const reasons = (await Promise.allSettled(waiting)).map((result) =>
      result.status === "rejected" ? (result.reason as QuorateError) : undefined,
    );
    expect(reasons[0]?.code).toBe("E_HOST_LOST");
    expect(reasons[1]).toBe(reasons[0]);
    await expect(shell.run({ script: ":" })).rejects.toBe(reasons[0]);
  });

  it("gives up a script that gives no sign of life", async () => {
    await expect(shell.run({ script: "sleep 60", patience: 100 })).rejects.toMatchObject({ code: "E_HOST_SILENT" });
  });

  it("is patient with a slow script that does say something", async () => {
    expect((await shell.run({ script: "for i in 1 2 3 4; do echo $i; sleep 0.2; done", patience: 2_000 })).status).toBe(
      0,
    );
  });

  it("gives up an answer without end", async () => {
    const greedy = open(program, { outputLimit: 10_000 });
    await expect(
      greedy.run({ script: "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done" }),
    ).rejects.toMatchObject({ code: "E_HOST_OUTPUT" });
    await greedy.close();
  });

  it("finishes what it has begun before it closes", async () => {
    const made = join(folder, "made");
    const answer = shell.run({ script: `sleep 0.1; echo done >${made}` });
    await shell.close();
    expect((await answer).status).toBe(0);
    expect(await readFile(made, "utf8")).toBe("done\n");
  });

  it("leaves no process behind when it closes", async () => {
    await shell.run({ script: ":" });
    const pid = shell.pid as number;
    await shell.close();
    expect(existsSync(`/proc/${pid}/cmdline`) && (await readFile(`/proc/${pid}/cmdline`, "utf8"))).toBeFalsy();
  });

  it("overlooks what the login shell prints first", async () => {
    const chatty = open(`echo Welcome to h; echo news >&2; ${remoteCommand(nonce, "none")}`);
    const answer = await chatty.run({ script: "echo mine; echo complaint >&2" });
    expect([text(answer), answer.stderr]).toEqual(["mine\n", "complaint\n"]);
    await chatty.close();
  });

  it("says what came instead of a shell", async () => {
    let said: unknown;
    const none = open("echo This account is currently not available.; exit 1", {
      explain: (ending) => {
        said = ending;
        return lostShell("h", ending);
      },
    });
    await expect(none.run({ script: ":" })).rejects.toBeInstanceOf(QuorateError);
    expect(said).toMatchObject({
      ready: false,
      status: 1,
      reason: "exit",
      chatter: "This account is currently not available.",
    });
  });

  it("gives up a shell that never comes", async () => {
    const mute = open("sleep 60", { connectPatience: 100 });
    await expect(mute.run({ script: ":" })).rejects.toMatchObject({ code: "E_HOST_SILENT" });
  });
});
