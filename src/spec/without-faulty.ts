/**
 * What is left of a file when everything of the wrong shape is taken out, so that the rules can judge the rest in the
 * same run. A member with a fault is taken out whole: half of it would raise problems that are none.
 */
import type { Problem, YamlPath } from "./problem.js";
import type { LeftOut } from "./resolve/resolve.js";
import { checkShape } from "./shape/check.js";
import type { ClusterFile } from "./shape/schema.js";
import type { Plain } from "./text/plain.js";

export interface Rest {
  readonly file: ClusterFile;
  readonly left: LeftOut;
}

/** undefined when too little is left. */
export function withoutFaulty(value: Plain, problems: readonly Problem[]): Rest | undefined {
  const rest = structuredClone(value);
  const faulty = problems.map(({ path }) => (path[0] === "members" ? path.slice(0, 2) : path));
  if (faulty.some((path) => path.length === 0 || (path.length === 1 && path[0] === "members"))) return undefined;
  for (const path of faulty) if (typeof path[1] !== "number") remove(rest, path);
  const skipped = [
    ...new Set(faulty.flatMap((path) => (path[0] === "members" && typeof path[1] === "number" ? [path[1]] : []))),
  ];
  const partial = faulty.some((path) => path[0] === "members");
  if (typeof rest === "string" || Array.isArray(rest)) return undefined;
  const { members } = rest;
  if (Array.isArray(members)) rest["members"] = members.filter((_, index) => !skipped.includes(index));
  const checked = checkShape(rest);
  return "file" in checked ? { file: checked.file, left: { skipped, partial } } : undefined;
}

function remove(value: Plain, path: YamlPath): void {
  let at: Plain | undefined = value;
  for (const part of path.slice(0, -1)) at = (at as Record<string | number, Plain> | undefined)?.[part];
  const key = path.at(-1);
  if (typeof at === "object" && key !== undefined) delete (at as Record<string | number, Plain>)[key];
}
