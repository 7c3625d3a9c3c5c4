/**
 * One persistent shell on a host, spoken to in frames over a child process's pipes (ssh's, or a local sh's). Frames are
 * sent without waiting for earlier answers; memory, time and output are bounded; when the child ends, every frame that
 * waits is rejected with one and the same QuorateError.
 */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { QuorateError } from "../errors.js";
import { ErrorReader, OutputReader, type RawAnswer } from "./frame-reader.js";
import { passwordPrompt } from "./shell-loop.js";

export interface Request {
  /** POSIX sh. Its input is the payload, else nothing. */
  readonly script: string;
  /** Fetched when its turn to be sent has come. */
  readonly payload?: (() => Promise<Uint8Array>) | undefined;
  /** Milliseconds without any byte moving before the shell is given up. */
  readonly patience?: number;
  readonly progress?: ((bytesSent: number) => void) | undefined;
}

export interface Answer {
  /** Exit status of the script; undefined when an earlier request of the same chain failed, so that it did not run. */
  readonly status: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** What is known when the child ended or was given up; turned into an error by who started it. */
export interface Ending {
  /** Exit status; undefined when it could not be started or was killed. */
  readonly status: number | undefined;
  /** Whether the shell ever announced itself. */
  readonly ready: boolean;
  /** What the login shell printed before the announcement. */
  readonly chatter: string;
  readonly stderr: string;
  /** Why it was given up, when it did not end by itself. */
  readonly reason: "exit" | "spawn" | "silence" | "output" | "password-wrong" | "password-missing" | "closed";
  readonly cause?: unknown;
}

export interface ShellOptions {
  readonly nonce: string;
  readonly explain: (ending: Ending) => QuorateError | Promise<QuorateError>;
  /** sudo's password, asked for only when sudo asks. */
  readonly password?: (() => Promise<{ reveal(): string }>) | undefined;
  /** Hold frames back until the shell is there (needed when sudo may read a password first). */
  readonly waitForReady?: boolean;
  /** Milliseconds in which the shell must announce itself. */
  readonly connectPatience?: number;
  /** Most bytes of one answer. */
  readonly outputLimit?: number;
}

interface Pending {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  raw?: RawAnswer;
  stderr?: string;
}

const usualPatience = 60_000;
const chunkSize = 262_144;

export class Shell {
  /** Why it ended; undefined while it can be used. */
  ended: QuorateError | undefined;
  /** Process ID of the shell on its host; undefined until it is there. */
  pid: number | undefined;
  /** Milliseconds since the epoch when the shell announced itself. */
  readyAt: number | undefined;
  private readonly output: OutputReader;
  private readonly errors: ErrorReader;
  private readonly pending = new Map<number, Pending>();
  private readonly started: Promise<void>;
  private markReady: () => void = () => undefined;
  /** Resolves when the shell has ended. */
  readonly over: Promise<void>;
  private markOver: () => void = () => undefined;
  private sending: Promise<void>;
  private lastId = 0;
  private timer: NodeJS.Timeout | undefined;
  private passwordAsked = false;
  private ending: Promise<void> | undefined;

  constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly options: ShellOptions,
  ) {
    this.output = new OutputReader(options.nonce, options.outputLimit ?? 8_388_608);
    this.errors = new ErrorReader(options.nonce);
    this.started = new Promise((resolve) => (this.markReady = resolve));
    this.over = new Promise((resolve) => (this.markOver = resolve));
    this.sending = options.waitForReady === true ? this.started : Promise.resolve();
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (chunk: Buffer) => this.onOutput(chunk));
    child.stderr.on("data", (chunk: Buffer) => this.onErrorOutput(chunk));
    child.on("error", (cause) => void this.end({ reason: "spawn", status: undefined, cause }));
    // A background process that kept the pipes must not keep us: a moment after the exit we stop listening.
    child.on("exit", (status) => setTimeout(() => this.onExit(status), 300).unref());
    child.on("close", (status) => this.onExit(status));
    this.watch();
  }

  run(request: Request): Promise<Answer> {
    return this.chain([request])[0] as Promise<Answer>;
  }

  /** Send requests that run in order, each only if all before it succeeded. Nothing waits for anything. */
  chain(requests: readonly Request[]): Promise<Answer>[] {
    const chain = this.lastId + 1;
    let broken: unknown;
    return requests.map((request) => {
      const id = ++this.lastId;
      return new Promise<Answer>((resolve, reject) => {
        if (this.ended !== undefined) return reject(this.ended);
        const entry: Pending = { request, resolve, reject };
        this.sending = this.sending.then(async () => {
          try {
            if (broken !== undefined) throw broken;
            const payload = await request.payload?.();
            if (this.ended !== undefined) throw this.ended;
            this.pending.set(id, entry);
            this.watch();
            await this.write(id, chain, request, payload);
          } catch (error) {
            broken = error;
            this.pending.delete(id);
            reject(error);
          }
        });
      });
    });
  }

  /** Send what is still to be sent, let the shell finish for a moment, and end it. Never rejects. */
  async close(): Promise<void> {
    await Promise.race([this.sending.catch(() => undefined), this.over, pause(10_000)]);
    if (this.ended === undefined) this.child.stdin.end();
    await Promise.race([this.over, pause(2_000)]);
    await this.end({ reason: "closed", status: undefined });
  }

  private async write(id: number, chain: number, request: Request, payload: Uint8Array | undefined): Promise<void> {
    const script = Buffer.from(`${request.script}\n#${this.options.nonce}`, "utf8");
    await this.send(Buffer.concat([Buffer.from(`${id} ${chain} ${script.length} ${payload?.length ?? 0}\n`), script]));
    for (let sent = 0; payload !== undefined && sent < payload.length; sent += chunkSize) {
      const chunk = payload.subarray(sent, sent + chunkSize);
      await this.send(chunk);
      request.progress?.(chunk.length);
    }
  }

  /** Resolves when the bytes have left for the pipe; a shell that ended swallows them. */
  private send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.ended !== undefined || !this.child.stdin.writable) return resolve();
      this.child.stdin.write(bytes, () => {
        this.watch();
        resolve();
      });
    });
  }

  private onOutput(chunk: Buffer): void {
    if (this.ended !== undefined) return;
    this.watch();
    try {
      for (const event of this.output.push(chunk)) {
        if ("ready" in event) this.onReady(event.pid);
        else this.settle(event.id, { raw: event });
      }
    } catch (cause) {
      void this.end({ reason: "output", status: undefined, cause });
    }
  }

  private onReady(pid: number): void {
    this.pid = pid;
    this.readyAt = Date.now();
    this.markReady();
    this.watch();
  }

  private onErrorOutput(chunk: Buffer): void {
    if (this.ended !== undefined) return;
    for (const { id, stderr } of this.errors.push(chunk)) this.settle(id, { stderr });
    if (this.pid === undefined) void this.answerPasswordPrompt();
  }

  private async answerPasswordPrompt(): Promise<void> {
    const prompt = passwordPrompt(this.options.nonce);
    const asked = this.errors.pending.split(prompt).length - 1;
    if (asked === 0) return;
    if (asked > 1) return this.end({ reason: "password-wrong", status: undefined });
    if (this.passwordAsked) return;
    this.passwordAsked = true;
    this.stopWatching();
    const password = await this.options.password?.().catch(() => undefined);
    this.watch();
    if (password === undefined) return this.end({ reason: "password-missing", status: undefined });
    if (this.ended === undefined) this.child.stdin.write(`${password.reveal()}\n`);
  }

  private settle(id: number, part: { raw?: RawAnswer; stderr?: string }): void {
    const entry = this.pending.get(id);
    if (entry === undefined) return;
    Object.assign(entry, part);
    if (entry.raw === undefined || entry.stderr === undefined) return;
    this.pending.delete(id);
    const status = entry.raw.status === "skip" ? undefined : entry.raw.status;
    entry.resolve({ status, stdout: entry.raw.stdout, stderr: entry.stderr });
    this.watch();
  }

  private onExit(status: number | null): void {
    void this.end({ reason: "exit", status: status ?? undefined });
  }

  /** Begin the patience of the oldest request anew; called whenever a byte moved. */
  private watch(): void {
    this.stopWatching();
    if (this.ended !== undefined) return;
    const oldest = this.pending.values().next().value;
    if (this.pid !== undefined && oldest === undefined) return;
    const patience =
      this.pid === undefined ? (this.options.connectPatience ?? 30_000) : (oldest?.request.patience ?? usualPatience);
    this.timer = setTimeout(() => void this.end({ reason: "silence", status: undefined }), patience);
    this.timer.unref();
  }

  private stopWatching(): void {
    clearTimeout(this.timer);
  }

  private end(how: Pick<Ending, "reason" | "status" | "cause">): Promise<void> {
    this.ending ??= this.finish(how);
    return this.ending;
  }

  private async finish(how: Pick<Ending, "reason" | "status" | "cause">): Promise<void> {
    this.stopWatching();
    const facts = { ready: this.pid !== undefined, chatter: this.output.chatter, stderr: this.errors.pending.trim() };
    this.child.stdin.destroy();
    if (this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null)
      killGroup(this.child.pid);
    this.ended = await this.options.explain({ ...facts, ...how });
    this.markReady();
    for (const entry of this.pending.values()) entry.reject(this.ended);
    this.pending.clear();
    this.child.stdout.destroy();
    this.child.stderr.destroy();
    this.markOver();
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());

/** The child leads a session of its own, so its group is it and what it started. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}
