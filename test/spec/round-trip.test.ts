import fc from "fast-check";
import { expect, test } from "vitest";
import { draftOf, type Draft } from "../../src/spec/draft.js";
import { readSpec } from "../../src/spec/load.js";
import { writeSpec } from "../../src/spec/write.js";
import { anyDraft, machine } from "./arbitraries.js";

test("whatever a spec says, the file written from it reads back as the same spec", () => {
  fc.assert(
    fc.property(anyDraft, (draft) => {
      const { spec } = readSpec(writeSpec(draft), machine);
      expect(readSpec(writeSpec(draftOf(spec)), machine).spec).toEqual(spec);
    }),
    { numRuns: 100 },
  );
});

test("values that YAML, shells or quorate read as something else come back as they were", () => {
  const strange = [
    "${HOME}",
    "$${HOME}",
    "a: b",
    "# no comment",
    "- item",
    "yes",
    "null",
    "~",
    "3.10",
    "0644",
    "'",
    '"',
    "\\",
    "[x]",
    "{x}",
    "*x",
    "&x",
    "!x",
    "a:",
    " a ",
    "日本",
    "a #b",
    "%x",
    "@x",
    "`x`",
    "|",
    ">",
  ];
  for (const text of strange) {
    const members = [{ name: "a", address: "10.0.0.1" }];
    const draft: Draft = { name: "demo", members, "allow-single": "true", tls: { subject: { O: text } } };
    expect(readSpec(writeSpec(draft), { ...machine, env: { HOME: "/wrong" } }).spec.tls?.subject.O).toBe(text);
  }
});

test("the short form is written when a member is no more than a name and an address", () => {
  const text = writeSpec({
    name: "demo",
    members: [
      { name: "a", address: "10.0.0.1" },
      { name: "b", address: "fd00::2" },
      { name: "c", address: "c.example" },
    ],
  });
  expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    "name: demo",
    "members:",
    "  a: 10.0.0.1",
    "  b: fd00::2",
    "  c: c.example",
  ]);
});
