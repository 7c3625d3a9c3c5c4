/** The reference page of the cluster file, from its JSON Schema and the annotated example. */
import { durationForms, sizeForms } from "./quantities.js";
import type { JsonSchema } from "./shape/known-keys.js";

/** Text of docs/reference/cluster-file.md. */
export function clusterFileReference(schema: JsonSchema, example: string): string {
  return `${[
    "# The cluster file",
    "`cluster.yaml` says what you want; `quorate up` makes it so.",
    "This page is made from the schema and from the example: `node scripts/generate-docs.mjs`.",
    "## How values are read",
    forms,
    "## Example",
    "`examples/cluster.yaml`, with every field:",
    `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``,
    "## Fields",
    ...sections(schema, ""),
  ].join("\n\n")}\n`;
}

const forms = `* Every value is read as it is written: \`3.10\` stays 3.10, \`on\` stays \`on\`. Quotes are needed only where YAML itself
  needs them.
* A field without a value, with \`~\` or with \`null\` is as if it were not there.
* \`\${NAME}\` is replaced by the environment variable NAME, which has to be set; \`$\${NAME}\` stays \`\${NAME}\`.
* Times: ${durationForms}. A year has 365 days.
* Sizes: ${sizeForms}. \`8G\` could be either and is refused.
* Files of your own machine are relative to the cluster file; \`~/\` is your home. Paths on hosts are absolute.
* UTF-8, with or without a byte order mark, at most 1 MiB; CRLF line ends are fine.
* The members have a short form: \`members: {a: 10.0.0.1, b: 10.0.0.2, c: 10.0.0.3}\`.

With \`hosts: local\` all members live on this machine: addresses default to 127.0.0.1, ports to 2379/2380, 22379/22380,
32379/32380 and so on, and everything is kept below \`state\`.

A member that is known by an IP address binds that address, and loopback for its clients. One that is known by a host
name binds every address of its machine, since etcd binds IP addresses only; \`listen\` says otherwise.

\`ssh.become\` is \`none\` when the login is root and \`sudo\` when it is not. When \`ssh.user\` is not written, the login
is taken to be your own name on this machine; write \`become\` when OpenSSH's configuration says otherwise.

For completion and checks in an editor, put this line on top of your file:
\`# yaml-language-server: $schema=PATH-OF-QUORATE/schema/cluster.schema.json\``;

interface Section {
  readonly path: string;
  readonly schema: JsonSchema;
}

function sections(schema: JsonSchema, path: string): string[] {
  const rows = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => `| \`${name}\` | ${kindOf(field)} | ${cell(field.description)} |`,
  );
  const heading =
    path === "" ? [] : [`### \`${path}\``, ...(schema.description === undefined ? [] : [schema.description])];
  const table = rows.length === 0 ? [] : [`| field | form | |\n| --- | --- | --- |\n${required(schema, rows)}`];
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    below(field, path === "" ? name : `${path}.${name}`),
  );
  return [...heading, ...table, ...inner.flatMap((section) => sections(section.schema, section.path))];
}

const required = (schema: JsonSchema, rows: readonly string[]): string =>
  rows
    .map((row) =>
      schema.required?.some((name) => row.startsWith(`| \`${name}\``)) === true
        ? row.replace("` |", "` (required) |")
        : row,
    )
    .join("\n");

/** The mappings with fields of their own inside a field, each once. */
function below(field: JsonSchema, path: string): Section[] {
  const branches = field.anyOf ?? [field];
  const direct = branches
    .filter((branch) => branch.properties !== undefined)
    .map((schema) => ({ path, schema: { ...schema, ...describe(field) } }));
  const listed = branches.flatMap((branch) => (branch.items === undefined ? [] : below(branch.items, `${path}[]`)));
  return [...direct.slice(0, 1), ...listed];
}

const describe = (field: JsonSchema): { description?: string } =>
  field.description === undefined ? {} : { description: field.description };

function kindOf(field: JsonSchema): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(", ");
  if (field.const !== undefined) return `\`${field.const}\``;
  if (field.anyOf !== undefined) return [...new Set(field.anyOf.map(kindOf))].join(" or ");
  if (field.type === "array") return field.items?.enum === undefined ? "list" : `list of ${kindOf(field.items)}`;
  if (field.type === "object") return "mapping";
  return Array.isArray(field.type) && field.type[1] === "boolean"
    ? "true or false"
    : Array.isArray(field.type) && field.type[1] === "integer"
      ? "number"
      : "text";
}

const cell = (text: string | undefined): string => (text ?? "").replaceAll("|", String.raw`\|`);
