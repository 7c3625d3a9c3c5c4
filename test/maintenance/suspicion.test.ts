/** Whom the hashes of all members speak against, and whether the others can be relied on. */
import { describe, expect, it } from "vitest";
import type { Cluster } from "../../src/etcd/cluster.js";
import { lookCloser } from "../../src/look-closer.js";
import type { Upkeep } from "../../src/plan/upkeep.js";
import type { Survey } from "../../src/survey.js";
import type { World } from "../../src/world.js";

/** Five members by the hash of their keys; 0 is away. @param leader its index */
async function suspicion(hashes: readonly number[], rebuild: string, leader = 0): Promise<Upkeep> {
  const status = (index: number): object => ({
    ...{ memberId: String(index), leaderId: String(leader), isLearner: false, revision: 9n, version: "3.5.30" },
  });
  const names = hashes.map((_, index) => `m${index}`);
  const cluster = {
    member: (url: string) => {
      const index = Number(url.slice(1));
      return {
        status: async () => status(index),
        hashKv: async () => ({ hash: hashes[index] ?? 0, compactRevision: 1n }),
      };
    },
  } as unknown as Cluster;
  const looked = {
    spec: { members: names.map((name) => ({ name, client: { url: name } })) },
    seen: { etcd: Object.fromEntries(names.map((name, index) => [name, { state: "serving", status: status(index) }])) },
  } as unknown as Survey;
  const world = { cluster, clock: { sleep: async () => undefined } } as unknown as World;
  const { upkeep } = await lookCloser(looked, world, { rebuild });
  if (upkeep === undefined) throw new Error("nothing was found");
  return upkeep;
}

describe("of five members", () => {
  it("one that differs is condemned, and all others are cleared", async () => {
    const found = await suspicion([1, 1, 1, 1, 2], "m4");
    expect(found).toMatchObject({ condemned: ["m4"], cleared: ["m0", "m1", "m2", "m3"], doubt: "" });
  });

  it("two that differ are rebuilt one after the other, since three agree", async () => {
    const found = await suspicion([1, 1, 1, 2, 3], "m4");
    expect(found).toMatchObject({ condemned: ["m3", "m4"], cleared: ["m0", "m1", "m2"], doubt: "" });
  });

  it("the one that leads goes first, since a new member takes its data from the leader", async () => {
    expect((await suspicion([1, 1, 1, 2, 3], "m4", 3)).doubt).toContain("m3, from which it would take its data");
    expect((await suspicion([1, 1, 1, 2, 3], "m3", 3)).doubt).toBe("");
  });

  it("none is condemned when no three agree", async () => {
    const found = await suspicion([1, 1, 2, 2, 3], "m4");
    expect(found).toMatchObject({ condemned: [], cleared: [] });
    expect(found.doubt).toContain("nobody can say which is right");
  });
});
