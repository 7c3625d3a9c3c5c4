import { withMember } from "../observe/facts.js";
import type { StepKind } from "./step.js";

/** Everything that quorate put on the host, data included. Only `destroy` plans it. */
export interface RemoveFiles {
  readonly kind: "remove-files";
  readonly member: string;
  readonly unit: string;
  readonly paths: readonly string[];
}

export const removeFiles: StepKind<RemoveFiles> = {
  kind: "remove-files",
  risk: "data",
  patience: 60_000,
  title: (step) => `remove what quorate put there: ${step.paths.length} paths, data included`,
  final: () => "everything named here",
  guard(step, now) {
    if (now.members[step.member]?.process !== "up") return undefined;
    return { code: "E_REFUSED", message: `${step.member} still runs` };
  },
  effect(step, now) {
    const gone = { releases: {}, trust: "none", unit: "absent", enabled: "no", data: "absent", mark: "no" } as const;
    const list = undefined;
    const kept = Object.entries(now.members[step.member]?.directories ?? {}).filter(
      ([path]) => !step.paths.includes(path),
    );
    return withMember(now, step.member, { ...gone, list, directories: Object.fromEntries(kept), process: "stopped" });
  },
  async run(step, { world }) {
    await world
      .host(step.member)
      .act([
        { do: "disable", unit: step.unit },
        ...step.paths.map((path) => ({ do: "remove" as const, path })),
        { do: "reload-units" },
      ]);
  },
};
