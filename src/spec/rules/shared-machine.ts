/** Members of a local cluster share one machine, so what is in a file per member must not be one file. */
import type { Problem } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";
import { twins } from "./twins.js";

export function sharedMachine({ spec, entries }: Candidate): Problem[] {
  if (spec.service.kind !== "process") return [];
  const nameOf = (index: number): string => spec.members[index]?.name ?? "";
  return (["data", "wal", "certificates", "unit", "state"] as const).flatMap((key) =>
    twins(spec.members.map((member) => member.paths[key])).map(([first, second, path]): Problem => {
      const own = entries[second]?.paths?.[key] !== undefined;
      return {
        code: "E_SPEC_DUPLICATE",
        path: own ? [...(entries[second]?.at ?? []), "paths", key] : ["paths", key],
        message: `${nameOf(first)} and ${nameOf(second)} are on this machine and would share ${path}`,
        expected: `a paths.${key} of its own for every member`,
        found: path,
        next: `leave paths.${key} out, or write it under every member`,
      };
    }),
  );
}
