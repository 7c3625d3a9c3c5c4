import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { QuorateError } from "../../src/errors.js";
import { loadSpec } from "../../src/spec/load.js";
import { problemsOf, read, three, told } from "./reading.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quorate-spec-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const said = (text: string, env = {}): string[] => told(problemsOf(text, { env }));
const good = three();
const goodSpec = read(good);

async function failureOf(bytes: Uint8Array | string): Promise<QuorateError> {
  const file = join(folder, "cluster.yaml");
  writeFileSync(file, bytes);
  const error: unknown = await loadSpec(file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof QuorateError) return error;
  throw new Error(`expected a QuorateError, got ${String(error)}`);
}

test("no file: the path is named and `quorate init` is what to do", async () => {
  const error = await loadSpec(join(folder, "none.yaml")).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "E_NO_FILE", message: `there is no file ${join(folder, "none.yaml")}` });
  expect((error as QuorateError).next).toBe("write one with `quorate init`, or name it with --file");
});

test("a folder in place of the file", async () => {
  const error = await loadSpec(folder).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "E_NO_FILE", message: `${folder} is a folder` });
});

test.each([
  ["an empty file", ""],
  ["only comments", "# nothing yet\n"],
  ["null", "null\n"],
])("%s names no members", (_, text) => {
  expect(said(text)).toEqual([
    "E_SPEC_EMPTY 1:1  | the file is empty: it names no members | found nothing | list the members, or write a new file with `quorate init`",
  ]);
});

test("a list is no cluster", () => {
  expect(said("- a\n- b\n")).toEqual([
    "E_SPEC 1:1  | the file has the wrong kind of value | found a list | correct the named line; docs/reference/cluster-file.md lists every field",
  ]);
});

test("bare text is no cluster", () => {
  expect(said("hello\n")).toEqual([
    'E_SPEC 1:1  | the file has the wrong kind of value | found "hello" | correct the named line; docs/reference/cluster-file.md lists every field',
  ]);
});

test("broken YAML: the first mistake with its line, and not what follows from it", () => {
  expect(said("name: demo\nmembers: {a: 10.0.0.1, b: [\n")).toEqual([
    "E_YAML 3:1  | not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ] | found the end of the file | correct the named line",
  ]);
});

test("a quote that is not closed", () => {
  expect(said("name: 'demo\n")).toEqual([
    "E_YAML 2:1  | not valid YAML: missing closing 'quote | found the end of the file | correct the named line",
  ]);
});

test("every tab that indents a line is named", () => {
  expect(said("name: demo\nmembers:\n\ta: 10.0.0.1\n\tb: 10.0.0.2\n")).toEqual([
    "E_YAML 3:1  | a tab indents this line; YAML takes only spaces | found a tab | replace the tab by spaces",
    "E_YAML 4:1  | a tab indents this line; YAML takes only spaces | found a tab | replace the tab by spaces",
  ]);
});

test("a variable in braces without quotes gets its own advice", () => {
  expect(said("name: demo\nssh: {user: ${USER}}\n")[0]).toMatch(
    /^E_YAML 2:14 .* \| inside braces put quotes around it: "\$\{NAME\}"$/,
  );
});

test("a key that stands twice is told with both lines", () => {
  expect(said(`${good}name: other\n`)).toEqual([
    "E_YAML 6:1  | `name` stands twice in one mapping, in lines 1 and 6 | found `name` in line 1 and line 6 | remove one of the two lines",
  ]);
});

test("a member that stands twice in the short form is a key that stands twice", () => {
  expect(said(`${good}  a: 10.0.0.4\n`)).toEqual([
    "E_YAML 6:3  | `a` stands twice in one mapping, in lines 3 and 6 | found `a` in line 3 and line 6 | remove one of the two lines",
  ]);
});

test("several documents in one file", () => {
  expect(said(`---\n${good}---\n${good}`)).toEqual([
    "E_YAML 7:1  | the file holds several documents; one cluster is one document | found  | keep one document per file",
  ]);
});

test("a tag of a programming language is not read", () => {
  expect(said(`${good}state: !ruby/object x\n`)[0]).toMatch(
    /^E_YAML 6:8 {2}\| not valid YAML: unresolved tag: !ruby\/object/,
  );
});

test("an alias without an anchor", () => {
  expect(said("name: *nobody\nmembers: {a: 10.0.0.1, b: 10.0.0.2, c: 10.0.0.3}\n")[0]).toMatch(
    /^E_YAML 1:7 name \| the alias \*nobody stands before or without its anchor/,
  );
});

test("an alias repeats what its anchor says", () => {
  const ssh = read(
    "name: demo\nssh: {user: &u admin}\nmembers:\n  a: 10.0.0.1\n  b: 10.0.0.2\n  c: {address: 10.0.0.3, ssh: {user: *u}}\n",
  ).members[2]?.host;
  expect(ssh).toMatchObject({ user: "admin" });
});

test("an alias bomb is stopped, and the limit named", () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(", ")}]`,
  );
  const told = said(`l0: &l0 [x]\n${levels.join("\n")}\n`);
  expect(told).toEqual([
    "E_SPEC_TOO_LARGE 1:1  | the file unfolds to more than 20000 values or 32 levels | found  | write values out instead of repeating aliases",
  ]);
});

test("an alias inside its own anchor is stopped", () => {
  expect(said("name: demo\nmembers: &m {a: *m}\n")[0]).toMatch(/^E_(SPEC_TOO_LARGE|YAML) /);
});

test("a file over 1 MiB is not read", async () => {
  const error = await failureOf(Buffer.alloc((1 << 20) + 1, "#"));
  expect(error).toMatchObject({
    code: "E_SPEC_TOO_LARGE",
    details: { expected: "at most 1 MiB", found: "1048577 bytes" },
  });
});

test.each([
  ["Latin-1", Buffer.from("name: caf\u00e9\n", "latin1"), "bytes that are not UTF-8"],
  ["UTF-16", Buffer.from("\ufeffname: demo\n", "utf16le"), "UTF-16"],
  ["a program", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 0xfe]), "binary data"],
])("%s is named and not mangled", async (_, bytes, found) => {
  expect(await failureOf(bytes)).toMatchObject({ code: "E_SPEC_ENCODING", details: { expected: "UTF-8", found } });
});

test("a byte order mark and CRLF are taken as they are", () => {
  expect(read(`\uFEFF${good.replaceAll("\n", "\r\n")}`)).toEqual(goodSpec);
});

test("JSON is YAML", () => {
  expect(read('{"name": "demo", "members": {"a": "10.0.0.1", "b": "10.0.0.2", "c": "10.0.0.3"}}')).toEqual(goodSpec);
});

test("a variable of the environment is replaced", () => {
  expect(read(three("ssh: {user: '${WHO}-x'}\n"), { env: { WHO: "admin" } }).members[0]?.host).toMatchObject({
    user: "admin-x",
  });
});

test("two dollars keep it from being replaced", () => {
  expect(read(three("tls: {subject: {O: '$${WHO}'}}\n")).tls?.subject.O).toBe("${WHO}");
});

test.each([
  ["not set", {}, "not set"],
  ["empty", { WHO: "" }, "empty"],
])("a variable that is %s", (_, env, why) => {
  expect(said(three('ssh: {user: "${WHO}"}\n'), env)).toEqual([
    `E_SPEC_VARIABLE 2:13 ssh.user | the environment variable WHO is ${why} | found \${WHO} | export WHO, or write the value itself`,
  ]);
});

test("a path relative to the current folder is shown as the user wrote it", async () => {
  writeFileSync(join(folder, "cluster.yaml"), "name: demo\nmembers: []\n");
  const error = await loadSpec("cluster.yaml", { cwd: folder }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ problems: [{ details: { where: "cluster.yaml", line: 2, column: 1 } }] });
});
