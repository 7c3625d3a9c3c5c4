/** A cluster of real etcd processes on this machine, made and changed by quorate's own library. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { applyPlan } from "../../src/apply-plan.js";
import type { Report } from "../../src/apply/apply.js";
import { QuorateError } from "../../src/errors.js";
import { openWorld, type OpenOptions } from "../../src/open.js";
import type { Goal, Plan } from "../../src/plan/plan.js";
import { readSpecFile } from "../../src/spec/load.js";
import type { Spec } from "../../src/spec/spec.js";
import { planOf, survey, type PlanOptions } from "../../src/survey.js";
import type { World } from "../../src/world.js";
import { etcdFolder } from "../support/etcd-binaries.js";
import { freePorts } from "../support/free-ports.js";

const loader = fileURLToPath(new URL("../support/typescript-loader.mjs", import.meta.url));
const runner = fileURLToPath(new URL("run-up.ts", import.meta.url));

export class TrustSite {
  readonly folder = mkdtempSync(join(tmpdir(), "quorate-trust-"));
  readonly file = join(this.folder, "cluster.yaml");
  readonly #ports: readonly number[];
  readonly #version: string;

  private constructor(version: string, ports: readonly number[]) {
    this.#version = version;
    this.#ports = ports;
  }

  /** @param tls as it stands in the file, in YAML's short form */
  static async of(version: string, tls = "{ validity: { leaf: 365d } }"): Promise<TrustSite> {
    const site = new TrustSite(version, await freePorts(6));
    site.write(tls);
    return site;
  }

  write(tls: string): void {
    const members = [0, 1, 2].map(
      (index) =>
        `  m${index}: { client: { port: ${this.#ports[index]} }, peer: { port: ${this.#ports[index + 3]} } }\n`,
    );
    const release = `release: { sources: [given], from: ${etcdFolder(this.#version)} }\n`;
    const text = `name: trust\nhosts: local\netcd: { version: ${this.#version} }\ntls: ${tls}\nmembers:\n${members.join("")}${release}`;
    writeFileSync(this.file, text);
  }

  async spec(): Promise<Spec> {
    return (await readSpecFile(this.file, { cwd: this.folder, env: process.env })).spec;
  }

  async in<T>(
    work: (spec: Spec, world: World) => Promise<T>,
    options: OpenOptions = {},
    change = (world: World): World => world,
  ): Promise<T> {
    const spec = await this.spec();
    const world = change(await openWorld(spec, options));
    try {
      return await work(spec, world);
    } finally {
      await world.close();
    }
  }

  plan(options: PlanOptions = {}): Promise<Plan> {
    return this.in(async (spec, world) => planOf(spec, await survey(spec, world), options));
  }

  /** Plan and carry out. @throws what the first step that failed did */
  async up(
    options: PlanOptions & { goal?: Goal } = {},
    open: OpenOptions = {},
    change?: (world: World) => World,
  ): Promise<Plan> {
    // As on the command line: a member that still settles may change what is to be done between planning and doing.
    for (let plans = 1; ; plans += 1) {
      try {
        return await this.#upOnce(options, open, change);
      } catch (error) {
        if (plans >= 3 || !(error instanceof QuorateError) || error.code !== "E_CHANGED") throw error;
      }
    }
  }

  #upOnce(options: PlanOptions & { goal?: Goal }, open: OpenOptions, change?: (world: World) => World): Promise<Plan> {
    return this.in(
      async (spec, world) => {
        const looked = await survey(spec, world);
        const plan = planOf(spec, looked, options);
        if (plan.stages.length > 0) {
          const report: Report = await applyPlan({ spec, world, survey: looked, plan, ...options, command: "a test" });
          if (report.failure !== undefined) throw new Error(JSON.stringify(report.failure));
        }
        return plan;
      },
      open,
      change,
    );
  }

  /** quorate in a process of its own, which ends itself with SIGKILL at that boundary. @returns its signal or exit code */
  upInProcess(crashAt: number | undefined): Promise<string> {
    const env = { ...process.env, ...(crashAt !== undefined && { QUORATE_CRASH_AT: String(crashAt) }) };
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ["--import", loader, runner, this.file],
        { env },
        (_error, stdout, stderr) => resolve(child.signalCode ?? `${String(child.exitCode)} ${stdout}${stderr}`),
      );
    });
  }

  /** Process IDs by member, as /proc has them. */
  async pids(): Promise<Record<string, number>> {
    const { members } = await this.spec();
    const found: Record<string, number> = {};
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const words = commandOf(pid);
      const member = members.find(({ paths }) => words.includes(`--data-dir=${paths.data}`));
      if (member !== undefined) found[member.name] = Number(pid);
    }
    return found;
  }

  async remove(): Promise<void> {
    await this.up({ goal: "stopped" });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function commandOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // it has just ended
  }
}
