/** The field names that the JSON Schema of the cluster file allows at a path. */
import { readFileSync } from "node:fs";
import { packageFile } from "../../package-file.js";
import type { YamlPath } from "../problem.js";

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly pattern?: string;
  readonly description?: string;
}

let read: JsonSchema | undefined;

/** The committed schema, schema/cluster.schema.json; a test keeps it equal to the zod schema. */
export function clusterJsonSchema(): JsonSchema {
  read ??= JSON.parse(readFileSync(packageFile("schema", "cluster.schema.json"), "utf8")) as JsonSchema;
  return read;
}

export function knownKeys(path: YamlPath): string[] {
  let here: readonly JsonSchema[] = [clusterJsonSchema()];
  for (const part of path) here = here.flatMap(branches).flatMap((schema) => below(schema, part));
  return [...new Set(here.flatMap(branches).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

const branches = (schema: JsonSchema): readonly JsonSchema[] => schema.anyOf ?? [schema];

function below(schema: JsonSchema, part: string | number): JsonSchema[] {
  if (typeof part === "number") return schema.items === undefined ? [] : [schema.items];
  const property = schema.properties?.[part];
  if (property !== undefined) return [property];
  return typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
}
