import { join } from "node:path";
import { silent, withMember } from "../observe/facts.js";
import type { HostAction } from "../host/host.js";
import type { StepKind } from "./step.js";

/**
 * Clear a host of a member that the cluster has removed: nothing starts there again, its keys are gone, and its data is
 * out of the way but kept.
 */
export interface RetireMember {
  readonly kind: "retire-member";
  readonly member: string;
  readonly unit: string;
  readonly unitPath: string;
  readonly graceSeconds: number;
  readonly moves: readonly { readonly path: string; readonly to: string }[];
  /** Certificates and keys. */
  readonly trust: string | undefined;
  readonly state: string;
}

export const retireMember: StepKind<RetireMember> = {
  kind: "retire-member",
  risk: "data",
  patience: 60_000,
  title: (step) => `clear the host: stop and disable the unit, move the data to ${step.moves[0]?.to ?? "nowhere"}`,
  final: () => "its keys; its data is kept under the new name",
  guard(step, now) {
    if (now.members[step.member]?.listed !== "started") return undefined;
    return { code: "E_MEMBERSHIP", message: `the cluster still counts on ${step.member}` };
  },
  effect(step, now) {
    const member = now.members[step.member];
    const moved = new Set([...step.moves.map(({ path }) => path), ...(step.trust === undefined ? [] : [step.trust])]);
    const directories = Object.fromEntries(
      Object.entries(member?.directories ?? {}).filter(([path]) => !moved.has(path)),
    );
    return withMember(now, step.member, {
      ...silent,
      directories,
      process: "stopped",
      config: "",
      peer: "unknown",
      unit: "absent",
      enabled: "no",
      data: "absent",
      trust: "none",
      list: undefined,
      mark: "no",
    });
  },
  async run(step, { world }) {
    const { unit, unitPath, graceSeconds, moves, trust, state } = step;
    await world
      .host(step.member)
      .act([
        { do: "stop", unit, graceSeconds },
        { do: "disable", unit },
        { do: "remove", path: unitPath },
        { do: "reload-units" },
        ...moves.map(({ path, to }): HostAction => ({ do: "move-aside", path, to })),
        ...(trust === undefined ? [] : [{ do: "remove", path: trust } satisfies HostAction]),
        { do: "remove", path: join(state, "member.json") },
      ]);
  },
};
