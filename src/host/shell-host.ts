/** A Host over one shell, wherever that shell runs. Connects on first use and again after a lost connection. */
import { randomBytes } from "node:crypto";
import { QuorateError } from "../errors.js";
import { failureOf } from "./command-failure.js";
import { commandsFor } from "./commands.js";
import type { Command } from "./command.js";
import type { Host, HostAction, HostObservation, HostQuestion, LockHolder } from "./host.js";
import { lockScript, unlockScript } from "./lock-script.js";
import { observeScript } from "./observe-script.js";
import { parseHolder, parseObservation, toldBy, type ReadIdentity } from "./observe-parse.js";
import type { Section } from "./observe-sections.js";
import type { Answer, Request, Shell } from "./shell.js";

export interface ShellHostOptions {
  /** quorate's own folder on the host, which holds the lock. Absolute. */
  readonly state: string;
  /** Cluster and member ID out of the first 512 bytes of a write-ahead log. */
  readonly readIdentity: ReadIdentity;
}

/** Actions that this process does itself instead of the shell. */
export interface OwnWork {
  does(action: HostAction): boolean;
  /** In order. @param mayChange to be called right before each change; throws when nothing may be changed any more */
  perform(
    actions: readonly HostAction[],
    mayChange: () => void,
    progress: ((bytes: number) => void) | undefined,
  ): Promise<void>;
  /** undefined: the shell must look. */
  look(question: HostQuestion): readonly Section[] | undefined;
  /** Whether this shell is still there: what is not sent through it would not notice that somebody has ended it. */
  lives(shell: Shell): boolean;
}

export class ShellHost implements Host {
  roundTrips = 0;
  private shell: Shell | undefined;
  private lockedBy: Shell | undefined;
  private underWay = 0;
  private last: Promise<unknown> = Promise.resolve();

  /** @param open starts a shell; must return at once and report failures by rejecting what is asked of it */
  constructor(
    readonly name: string,
    private readonly open: () => Shell,
    private readonly options: ShellHostOptions,
    private readonly own?: OwnWork,
  ) {}

  observe(question: HostQuestion): Promise<HostObservation> {
    return this.count(async () => {
      try {
        const nonce = randomBytes(12).toString("hex");
        const asked = Date.now();
        const seen = this.own?.look(question);
        if (seen !== undefined) return toldBy(seen, question, [asked, Date.now()], this.options.readIdentity);
        const answer = await this.run({ intent: "observe the host", script: observeScript(question, nonce) });
        return parseObservation(answer.stdout, nonce, question, [asked, Date.now()], this.options.readIdentity);
      } catch (error) {
        if (error instanceof QuorateError) return { reach: "unreachable", error };
        throw error;
      }
    });
  }

  act(actions: readonly HostAction[], progress?: (bytesSent: number) => void): Promise<void> {
    return this.count(async () => {
      let sent = 0;
      const report = progress === undefined ? undefined : (bytes: number) => progress((sent += bytes));
      for (const group of this.together(actions)) {
        if (this.own?.does(group[0] as HostAction) === true)
          await Promise.race([this.own.perform(group, this.mayChange, report), this.lockLost()]);
        else await this.runAll(group, report);
      }
    });
  }

  lock(holder: LockHolder, steal = false): Promise<LockHolder | undefined> {
    return this.count(async () => {
      this.lockedBy = undefined;
      const shell = this.connected();
      const answer = await this.run({ intent: "take the lock", script: lockScript(this.options.state, holder, steal) });
      const [verdict = "", ...rest] = answer.stdout.toString("utf8").split("\n");
      if (verdict === "held") return parseHolder(rest.join("\n"));
      this.lockedBy = shell;
      return undefined;
    });
  }

  unlock(): Promise<void> {
    return this.count(async () => {
      const held = this.lockedBy;
      this.lockedBy = undefined;
      // With the shell that held it, the lock is gone too.
      if (held === undefined || held.ended !== undefined) return;
      await this.run({ intent: "give the lock back", script: unlockScript(this.options.state) });
    });
  }

  async close(): Promise<void> {
    const shell = this.shell;
    this.shell = undefined;
    this.lockedBy = undefined;
    await shell?.close();
  }

  /** Neighbours that this process does, or that the shell does, as groups in order. */
  private together(actions: readonly HostAction[]): HostAction[][] {
    const groups: HostAction[][] = [];
    const isOwn = (action: HostAction | undefined): boolean => action !== undefined && this.own?.does(action) === true;
    for (const action of actions) {
      const group = groups.at(-1);
      if (group !== undefined && isOwn(group[0]) === isOwn(action)) group.push(action);
      else groups.push([action]);
    }
    return groups;
  }

  /** A shell keeps the order of what is sent to it by itself; together with work of this process it is kept here. */
  private async inTurn<T>(operation: () => Promise<T>): Promise<T> {
    if (this.own === undefined) return operation();
    const turn = this.last.then(operation, operation);
    this.last = turn;
    return turn;
  }

  /** Operations that are under way together wait for the host together, and count once. */
  private async count<T>(operation: () => Promise<T>): Promise<T> {
    if (this.underWay === 0) this.roundTrips += 1;
    this.underWay += 1;
    try {
      return await this.inTurn(operation);
    } finally {
      this.underWay -= 1;
    }
  }

  private async runAll(actions: readonly HostAction[], progress: Request["progress"]): Promise<void> {
    if (actions.length === 0) return;
    const commands = commandsFor(actions);
    this.mayChange();
    const answers = this.connected().chain(
      commands.map(({ script, payload, patience }) => ({
        script,
        payload,
        ...(patience === undefined ? {} : { patience }),
        progress,
      })),
    );
    const settled = await Promise.allSettled(answers);
    settled.forEach((result, index) => {
      if (result.status === "rejected") throw result.reason;
      this.accept(commands[index] as Command, result.value);
    });
  }

  /** @throws QuorateError E_LOCK_LOST when the lock was ours and its shell is gone: somebody else may hold it by now */
  private readonly mayChange = (): void => {
    const shell = this.lockedBy;
    if (shell === undefined || (shell.ended === undefined && this.own?.lives(shell) !== false)) return;
    throw this.lost(shell);
  };

  private lost({ ended }: Shell): QuorateError {
    const details = { where: this.name, found: ended?.message ?? "its shell on this machine has ended" };
    return new QuorateError(
      "E_LOCK_LOST",
      `${this.name}: the connection that held the lock was lost, so nothing more is changed`,
      details,
    );
  }

  /** Work of our own ends with the lock, as what a shell does ends with the shell. */
  private lockLost(): Promise<never> {
    const held = this.lockedBy;
    return held === undefined ? new Promise(() => undefined) : held.over.then(() => Promise.reject(this.lost(held)));
  }

  private async run(command: Command): Promise<Answer> {
    const answer = await this.connected().run(command);
    this.accept(command, answer);
    return answer;
  }

  /** @throws QuorateError when the command failed; one that was skipped never comes before the one that failed */
  private accept(command: Command, answer: Answer): void {
    if (answer.status !== 0) throw failureOf(this.name, command, answer);
    command.answer?.(answer.stdout.toString("utf8"));
  }

  private connected(): Shell {
    if (this.shell === undefined || this.shell.ended !== undefined) this.shell = this.open();
    return this.shell;
  }
}
