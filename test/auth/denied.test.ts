/** A member that serves and does not tell this user how it is: it is neither down nor to be planned for. */
import { expect, test } from "vitest";
import { advise } from "../../src/advise/advise.js";
import { EtcdError, type Member } from "../../src/etcd/cluster.js";
import { observeEndpoint } from "../../src/observe/observe.js";
import { deniedHazards } from "../../src/plan/hazards/auth.js";
import type { Scene } from "../../src/plan/hazards.js";
import { soundCluster } from "../advise/sound.js";

const failing = (status: number): Member => {
  const fail = (): Promise<never> => Promise.reject(new EtcdError("status", "etcdserver: no", status));
  return { status: fail, memberList: fail, alarms: fail } as unknown as Member;
};

test.each([
  [3, "denied"],
  [7, "denied"],
  [16, "denied"],
  [14, "silent"],
  [4, "silent"],
])("an answer of status %i is taken for %s", async (status, state) => {
  expect(await observeEndpoint(failing(status))).toMatchObject({ state, why: "etcdserver: no" });
});

test("nothing is planned for members that do not tell how they are", () => {
  const scene = (etcd: object): Scene => ({ seen: { etcd } }) as unknown as Scene;
  expect(deniedHazards(scene({ m0: { state: "denied", why: "permission denied" } }))).toMatchObject([
    { code: "E_AUTH_REFUSED", severity: "refuse" },
  ]);
  expect(deniedHazards(scene({ m0: { state: "silent", why: "away", kind: "refused" } }))).toEqual([]);
});

test("it is told as what cannot be seen, and not as a loss", () => {
  const denied = soundCluster((member) => ({
    ...{ ...member, api: "unknown", silence: "permission denied", alarms: [], status: undefined },
  }));
  const told = advise(denied);
  expect(told.filter(({ severity }) => severity === "critical")).toEqual([]);
  expect(told.find(({ id }) => id === "not-told")?.do).toContain("role root");
});
