import { withMember } from "../observe/facts.js";
import type { StepKind } from "./step.js";

/** Rename data that is in the way. Only ever planned when the operator names the member; nothing is deleted. */
export interface MoveAside {
  readonly kind: "move-aside";
  readonly member: string;
  /** The data folder, and the one of the write-ahead log when it is another. */
  readonly moves: readonly { readonly path: string; readonly to: string }[];
}

export const moveAside: StepKind<MoveAside> = {
  kind: "move-aside",
  risk: "data",
  patience: 30_000,
  title: ({ moves }) => moves.map(({ path, to }) => `move ${path} aside to ${to}`).join(" and "),
  guard(step, now) {
    if (now.members[step.member]?.process !== "up") return undefined;
    return { code: "E_REFUSED", message: `${step.member} runs; its data cannot be moved` };
  },
  effect(step, now) {
    const kept = Object.entries(now.members[step.member]?.directories ?? {}).filter(
      ([folder]) => !step.moves.some(({ path }) => path === folder),
    );
    return withMember(now, step.member, { data: "absent", directories: Object.fromEntries(kept) });
  },
  async run(step, { world }) {
    await world.host(step.member).act(step.moves.map((move) => ({ do: "move-aside", ...move })));
  },
};
