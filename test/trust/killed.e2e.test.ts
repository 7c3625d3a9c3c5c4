/** quorate ended with SIGKILL again and again while one CA takes the place of another. */
import { afterEach, describe, expect, it } from "vitest";
import { makeNextCa } from "../../src/pki/next-ca.js";
import { verdictLine } from "../../src/render/verdict-line.js";
import { once, ownFiles } from "./handshakes.js";
import { writeTo } from "./load.js";
import { TrustSite } from "./site.js";

/** Boundaries that each run gets past before it is killed: so the next one is killed further on. */
const strides = [5, 9, 7, 11];

describe("a change of the CA of three members of etcd 3.5.30", () => {
  let site: TrustSite;
  afterEach(() => site?.remove());

  /** A member that was restarted just before a kill may not serve yet, and then nothing is begun. */
  async function patiently<T>(act: () => Promise<T | undefined>): Promise<T | undefined> {
    for (let turn = 0; turn < 30; turn += 1) {
      const result = await act();
      if (result !== undefined) return result;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return undefined;
  }

  /** @returns the signal that ended it, or what it said instead of doing something */
  async function killedAt(stride: number): Promise<string> {
    let said = "";
    const ended = await patiently(async () => {
      said = await site.upInProcess(stride);
      // The lock of the one that was killed may be held for a moment more.
      return said.startsWith("0") || said.includes("E_LOCKED") ? undefined : said;
    });
    return ended ?? said;
  }

  it("goes on where quorate was killed, and no acknowledged write is lost", async () => {
    site = await TrustSite.of("3.5.30");
    await site.up();
    const spec = await site.spec();
    await makeNextCa(spec);
    const load = await writeTo(spec);
    const ends = await load.during("change", async () => {
      const seen: string[] = [];
      for (const stride of strides) seen.push(await killedAt(stride));
      return seen;
    });
    expect(ends).toEqual(strides.map(() => "SIGKILL"));
    await load.during("change", () =>
      patiently(async () => ((await site.up()).stages.length === 0 ? true : undefined)),
    );
    const verdict = await load.stop();
    console.log(`killed ${ends.length} times during a change of the CA: ${verdictLine(verdict)}`);
    expect(verdict).toMatchObject({ failed: 0, lost: 0 });
    const plan = await site.plan();
    expect([plan.stages, plan.problems]).toEqual([[], []]);
    expect(plan.before.trusted).not.toContain("+");
    const answers = await Promise.all(spec.members.map(({ client }) => once(client.url, ownFiles(spec))));
    expect(answers).toEqual([undefined, undefined, undefined]);
  }, 900_000);
});
