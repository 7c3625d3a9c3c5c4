/**
 * Whether a value fits a JSON Schema: yes or no, in microseconds. Only the words that our own schema uses. The cluster
 * file is read with it, and zod, which takes longer to load than all the rest, is asked for reasons only after a no.
 */
import type { JsonSchema } from "./known-keys.js";

export function fits(schema: JsonSchema, value: unknown): boolean {
  if (schema.anyOf !== undefined) return schema.anyOf.some((branch) => fits(branch, value));
  if (typeof value === "string") return fitsText(schema, value);
  if (Array.isArray(value)) return schema.type === "array" && value.every((item) => fits(schema.items ?? {}, item));
  return (
    typeof value === "object" &&
    value !== null &&
    schema.type === "object" &&
    fitsMapping(schema, value as Record<string, unknown>)
  );
}

function fitsText(schema: JsonSchema, value: string): boolean {
  const isText = schema.type === "string" || (Array.isArray(schema.type) && schema.type.includes("string"));
  if (!isText || (schema.const !== undefined && schema.const !== value)) return false;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  return schema.pattern === undefined || new RegExp(schema.pattern, "u").test(value);
}

function fitsMapping(schema: JsonSchema, value: Record<string, unknown>): boolean {
  if (schema.required?.some((key) => !Object.hasOwn(value, key)) === true) return false;
  return Object.entries(value).every(([key, inner]) => {
    const own =
      schema.properties !== undefined && Object.hasOwn(schema.properties, key)
        ? schema.properties[key]
        : schema.additionalProperties;
    return typeof own === "object" && fits(own, inner);
  });
}
