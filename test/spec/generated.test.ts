import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { clusterJsonSchemaText } from "../../src/spec/json-schema.js";
import { clusterFileReference } from "../../src/spec/reference.js";
import type { JsonSchema } from "../../src/spec/shape/known-keys.js";

const committed = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the committed JSON Schema is the one that the schema gives (else: npm run build, node scripts/generate-docs.mjs)", () => {
  expect(committed("schema/cluster.schema.json")).toBe(clusterJsonSchemaText());
});

test("the reference page is current (else: npm run build, node scripts/generate-docs.mjs)", () => {
  const schema = JSON.parse(clusterJsonSchemaText()) as JsonSchema;
  expect(committed("docs/reference/cluster-file.md")).toBe(
    clusterFileReference(schema, committed("examples/cluster.yaml")),
  );
});
