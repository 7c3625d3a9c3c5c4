/** The JSON Schema of the cluster file, for editors. Committed as schema/cluster.schema.json. */
import * as z from "zod";
import { clusterFileSchema } from "./shape/schema.js";

export function clusterJsonSchemaText(): string {
  const { $schema, ...rest } = z.toJSONSchema(clusterFileSchema(z), { io: "input" });
  return `${JSON.stringify({ $schema, ...rest }, null, 2)}\n`;
}
