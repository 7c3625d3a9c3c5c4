// Rewrites what is made from the source: the schema for editors and the reference of the cluster file. Run after `npm run build`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { clusterJsonSchemaText } = await import("../dist/spec/json-schema.js");
const { clusterFileReference } = await import("../dist/spec/reference.js");

const schema = clusterJsonSchemaText();
write("schema/cluster.schema.json", schema);
write("docs/reference/cluster-file.md", clusterFileReference(JSON.parse(schema), readFileSync(at("examples/cluster.yaml"), "utf8")));

function write(path, text) {
  writeFileSync(at(path), text);
  console.log(`wrote ${path}`);
}
