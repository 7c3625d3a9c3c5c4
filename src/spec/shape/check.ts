/** Does the file have the right shape? zod, which is slow to load, is asked only when it does not. */
import { createRequire } from "node:module";
import type * as Zod from "zod";
import type { Problem } from "../problem.js";
import { fits } from "./fits.js";
import { clusterJsonSchema } from "./known-keys.js";
import { clusterFileSchema, type ClusterFile } from "./schema.js";
import { zodProblems } from "./zod-problems.js";

const require = createRequire(import.meta.url);

export type Checked = { readonly file: ClusterFile } | { readonly problems: readonly Problem[] };

export function checkShape(value: unknown): Checked {
  if (fits(clusterJsonSchema(), value)) return { file: value as ClusterFile };
  const result = schema().safeParse(value, { reportInput: true });
  return result.success ? { file: result.data } : { problems: zodProblems(result.error.issues, value) };
}

let made: ReturnType<typeof clusterFileSchema> | undefined;

/** Loaded in the middle of a synchronous function, which only require can do on every supported Node. */
export function schema(): ReturnType<typeof clusterFileSchema> {
  made ??= clusterFileSchema(require("zod") as typeof Zod);
  return made;
}
