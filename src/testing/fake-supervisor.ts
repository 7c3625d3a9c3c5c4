/** systemd, or quorate's own process keeper, as far as one unit needs it. */
import type { ServiceFact } from "../host/host.js";
import type { FakeFiles } from "./fake-files.js";
import { launch, LaunchFailure, type FakeProcess, type Join } from "./fake-process.js";

export interface FakeUnit {
  readonly kind: "systemd" | "process";
  readonly name: string;
  readonly path: string;
  readonly user: string;
  readonly group: string;
}

export class FakeSupervisor {
  readonly unit: FakeUnit;
  readonly #files: () => FakeFiles;
  readonly #now: () => number;
  readonly #addresses: () => readonly string[];
  #enabled = false;
  /** The unit as systemd has read it. */
  #loaded: string | undefined;
  #pids = 100;
  #failed = false;
  #restarts = 0;
  #log: readonly string[] = [];
  process: FakeProcess | undefined;
  /** When set, etcd prints these lines and ends each time it is started. */
  sabotage: readonly string[] | undefined;
  /** Asked before a process may live: the cluster can turn a member away. @throws LaunchFailure */
  admit: (process: FakeProcess) => void = () => undefined;
  /** Asked by a process that is to join a cluster. */
  join: Join = () => {
    throw new LaunchFailure("cannot fetch cluster info from peer urls: nobody is there");
  };

  constructor(
    unit: FakeUnit,
    machine: {
      readonly files: () => FakeFiles;
      readonly now: () => number;
      readonly addresses: () => readonly string[];
    },
  ) {
    this.unit = unit;
    this.#files = machine.files;
    this.#now = machine.now;
    this.#addresses = machine.addresses;
  }

  #text(): string | undefined {
    return this.#files().text(this.unit.path);
  }

  #mustExist(name: string): string {
    const text = name === this.unit.name ? this.#text() : undefined;
    if (text === undefined) throw new Error(`Unit ${name}.service not found.`);
    return text;
  }

  reload(): void {
    this.#loaded = this.#text();
  }

  enable(name: string): void {
    this.#mustExist(name);
    this.#enabled = true;
  }

  disable(): void {
    this.#enabled = false;
  }

  start(name: string): void {
    if (this.process !== undefined) return;
    const text = this.#mustExist(name);
    // A run script is read when it runs, a unit when systemd is told to.
    this.#loaded = this.unit.kind === "process" ? text : (this.#loaded ?? text);
    this.#restarts = 0;
    this.#launch();
  }

  #launch(): void {
    const { user, group } = this.unit;
    try {
      if (this.sabotage !== undefined) throw new LaunchFailure(...this.sabotage);
      this.#pids += 1;
      const started = launch({
        files: this.#files(),
        text: this.#loaded ?? "",
        user,
        group,
        pid: this.#pids,
        now: this.#now(),
        addresses: this.#addresses(),
        join: this.join,
      });
      this.admit(started);
      this.process = started;
      this.#failed = false;
      this.#log = [];
    } catch (error) {
      if (!(error instanceof LaunchFailure)) throw error;
      this.process = undefined;
      this.#failed = true;
      this.#log = error.log;
    }
  }

  stop(): void {
    this.process = undefined;
    this.#failed = false;
  }

  /** The process ends by itself. It is started again as the unit asks, until it has failed too often. */
  crash(...log: readonly string[]): void {
    if (this.process === undefined) return;
    this.process = undefined;
    if (this.unit.kind === "systemd" && this.sabotage === undefined) {
      this.#restarts += 1;
      this.#launch();
    } else {
      this.#failed = true;
      this.#log = log;
    }
  }

  /** The process ends by itself with exit code 0, after which no unit of quorate's starts it again. */
  exit(...log: readonly string[]): void {
    this.process = undefined;
    this.#failed = false;
    this.#log = log;
    if (/^Restart=always$/m.test(this.#loaded ?? "")) this.#launch();
  }

  /** The machine lost its power, and nothing was closed. */
  die(): void {
    this.process = undefined;
    this.#failed = false;
    this.#loaded = undefined;
  }

  boot(): void {
    if (this.unit.kind === "systemd" && this.#enabled && this.#text() !== undefined) this.start(this.unit.name);
  }

  look(ready: boolean): ServiceFact {
    const installed = this.#text() !== undefined;
    const { process } = this;
    return {
      installed,
      enabled: this.unit.kind === "process" ? installed : this.#enabled && installed,
      needsReload: this.unit.kind === "systemd" && this.#loaded !== undefined && this.#loaded !== this.#text(),
      state:
        process === undefined
          ? this.#failed
            ? "failed"
            : "stopped"
          : ready || !(this.#loaded ?? "").includes("Type=notify")
            ? "running"
            : "starting",
      pid: process?.pid,
      config: process?.config,
      executable: process?.executable,
      restarts: this.#restarts,
      logTail: this.#log,
    };
  }
}
