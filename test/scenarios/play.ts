/** A story told by the fake world: what was done to it, what quorate did, and how the members stand after. */
import { expect } from "vitest";
import { attempt, factsNow, type Attempt, type AttemptOptions } from "../../src/testing/attempt.js";
import type { Spec } from "../../src/spec/spec.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec, type SampleSpecOptions } from "../../src/testing/sample-spec.js";
import { attemptLines, factLines } from "../../src/testing/transcript.js";

export class Play {
  readonly world: FakeWorld;
  readonly #lines: string[] = [];

  constructor(options: SampleSpecOptions | Spec = {}) {
    this.world = new FakeWorld("token" in options ? options : sampleSpec(options));
  }

  /** The story begins with a cluster that is up. */
  async formed(): Promise<void> {
    const { report } = await attempt(this.world);
    expect([report?.outcome, report?.failure]).toEqual(["done", undefined]);
    this.#lines.push(`# a cluster of ${this.world.machines.length} is up`);
  }

  /** Something happens to the world. */
  say(text: string, happen: () => void = () => undefined): void {
    happen();
    this.#lines.push(`# ${text}`);
  }

  up(options: AttemptOptions & { readonly remark?: string } = {}): Promise<Attempt> {
    return this.#run("up", { ...options, goal: "running" });
  }

  stop(options: AttemptOptions = {}): Promise<Attempt> {
    return this.#run("stop", { ...options, goal: "stopped" });
  }

  destroy(options: AttemptOptions = {}): Promise<Attempt> {
    return this.#run("destroy", { ...options, goal: "absent" });
  }

  async #run(verb: string, options: AttemptOptions & { readonly remark?: string }): Promise<Attempt> {
    if (options.spec !== undefined) this.world.add(options.spec);
    const flags = [
      ...(options.moveAside ?? []).map((member) => ` --move-aside ${member}`),
      ...(options.remove ?? []).map((member) => ` --remove ${member}`),
      ...(options.downtime === true ? [" --accept-downtime"] : []),
      ...(options.steal === true ? [" --steal-lock"] : []),
    ];
    const done = await attempt(this.world, options);
    const remark = options.remark === undefined ? "" : `   # ${options.remark}`;
    this.#lines.push(`$ quorate ${verb}${flags.join("")}${remark}`, ...attemptLines(done));
    this.#lines.push("hosts", ...factLines(await factsNow(this.world, options)), "");
    return done;
  }

  /** Nobody holds a lock any more, no member has forgotten anything, and the whole story is the golden one. */
  async end(golden: string): Promise<void> {
    expect(this.world.machines.filter(({ lock }) => lock !== undefined).map(({ name }) => name)).toEqual([]);
    expect(this.world.etcd.amnesia).toEqual([]);
    await expect(`${this.#lines.join("\n")}\n`).toMatchFileSnapshot(`__golden__/${golden}.txt`);
  }
}
