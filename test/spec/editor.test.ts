import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { clusterJsonSchema, type JsonSchema } from "../../src/spec/shape/known-keys.js";

/** Where a value does not fit, as an editor sees it: with YAML's own numbers and booleans. undefined: it fits. */
function misfit(schema: JsonSchema, value: unknown, path = "file"): string | undefined {
  if (schema.anyOf !== undefined) {
    return schema.anyOf.some((branch) => misfit(branch, value) === undefined) ? undefined : path;
  }
  if (!kinds(value).some((kind) => [schema.type].flat().includes(kind))) return path;
  if (schema.const !== undefined && schema.const !== value) return path;
  if (schema.enum !== undefined && !schema.enum.includes(String(value))) return path;
  if (typeof value === "string") return new RegExp(schema.pattern ?? "", "u").test(value) ? undefined : path;
  if (Array.isArray(value))
    return value
      .map((item, index) => misfit(schema.items ?? {}, item, `${path}[${index}]`))
      .find((each) => each !== undefined);
  if (typeof value !== "object" || value === null) return undefined;
  if (schema.required?.some((key) => !Object.hasOwn(value, key)) === true) return path;
  return Object.entries(value)
    .map(([key, inner]) => {
      const own = schema.properties?.[key] ?? schema.additionalProperties;
      return typeof own === "object" ? misfit(own, inner, `${path}.${key}`) : `${path}.${key}`;
    })
    .find((each) => each !== undefined);
}

function kinds(value: unknown): string[] {
  if (typeof value === "number") return Number.isInteger(value) ? ["integer", "number"] : ["number"];
  return [Array.isArray(value) ? "array" : typeof value];
}

const example = readFileSync(new URL("../../examples/cluster.yaml", import.meta.url), "utf8");

test.each([
  ["the example", example],
  ["the example with every field", example.replace(/^( *)#(?=[A-Za-z])/gm, "$1")],
  [
    "numbers and truth values",
    "name: 5\nmembers: {a: 10.0.0.1}\ntls: off\nallow-even: true\netcd: {version: 3.10, settings: {pre-vote: true, max-wals: 5, cipher-suites: [a, b]}}\n",
  ],
])("an editor has nothing to say about %s", (_, text) => {
  expect(misfit(clusterJsonSchema(), parse(text))).toBeUndefined();
});

test.each([
  ["an unknown field", "name: a\nmembers: {a: 10.0.0.1}\nnmae: b\n", "file.nmae"],
  ["a missing field", "members: {a: 10.0.0.1}\n", "file"],
  ["a port that is no number", "name: a\nmembers: {a: 10.0.0.1}\nssh: {port: x}\n", "file.ssh.port"],
  ["a choice that does not exist", "name: a\nmembers: {a: 10.0.0.1}\nhosts: shh\n", "file.hosts"],
])("an editor marks %s", (_, text, place) => {
  expect(misfit(clusterJsonSchema(), parse(text))).toBe(place);
});
