import { QuorateError } from "../errors.js";
import { compareVersions } from "../plan/versions.js";
import type { StepKind } from "./step.js";

/** See that a member's data holds no keys of the v2 API, on which etcd 3.6 would not start. */
export interface CheckV2Store {
  readonly kind: "check-v2-store";
  readonly member: string;
  /** The release that the member runs. */
  readonly version: string;
  readonly etcdutl: string;
  readonly data: string;
  readonly wal: string | undefined;
  readonly state: string;
}

/** The first etcdutl that can. */
const since = "3.5.18";

export const checkV2Store: StepKind<CheckV2Store> = {
  kind: "check-v2-store",
  risk: "none",
  patience: 60_000,
  guardPatience: 0,
  title: () => "look for keys of the v2 API in its data, on which 3.6 does not start",
  guard(step) {
    if (compareVersions(step.version, since) >= 0) return undefined;
    const message = `the etcdutl of ${step.version} cannot look into the v2 store of ${step.member}; that of ${since} and later can`;
    return { code: "E_V2_CONTENT", message };
  },
  effect(step, now) {
    const before = now.withoutV2 ?? [];
    return before.includes(step.member) ? now : { ...now, withoutV2: [...before, step.member].sort() };
  },
  async run({ member, etcdutl, data, wal, state }, { world }) {
    let said = "";
    await world
      .host(member)
      .act([{ do: "check-v2-store", etcdutl, data, wal, state, answer: (text) => (said = text) }]);
    if (said === "clean") return;
    if (said === "missing")
      throw new QuorateError("E_V2_CONTENT", `there is no ${etcdutl} on ${member} to look into its v2 store with`, {
        where: member,
        next: "give a release that has etcdutl, and run the same command again",
      });
    throw new QuorateError("E_V2_CONTENT", `etcd 3.6 would not start on the data of ${member} in ${data}`, {
      where: member,
      found: said,
    });
  },
};
