/** Every failure that a user can see is documented, and nothing is documented that cannot be seen. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/error-catalogue.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(root, "docs/reference/errors.md"), "utf8");
const sections = page.split(/^## /m).slice(1);
const documented = sections.map((section) => section.slice(0, section.indexOf("\n")).trim());
const codes = Object.keys(catalogue);

const product = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && entry.name !== "error-catalogue.ts")
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));

describe("docs/reference/errors.md", () => {
  it("has a section for every code", () => {
    expect(codes.filter((code) => !documented.includes(code))).toEqual([]);
  });

  it("has no section for a code that does not exist", () => {
    expect(documented.filter((heading) => !codes.includes(heading))).toEqual([]);
  });

  it("has each section once, with something in it", () => {
    expect(documented.filter((heading, index) => documented.indexOf(heading) !== index)).toEqual([]);
    expect(
      sections.filter((section) => section.trim().split("\n").length < 2).map((section) => section.trim()),
    ).toEqual([]);
  });
});

describe("the catalogue", () => {
  it("spells codes in one way", () => {
    expect(codes.filter((code) => !/^E_[A-Z0-9]+(_[A-Z0-9]+)*$/.test(code))).toEqual([]);
  });

  it("has no code that nothing can fail with", () => {
    const used = new Set(product.flatMap((text) => text.match(/\bE_[A-Z0-9_]+\b/g) ?? []));
    expect(codes.filter((code) => !used.has(code))).toEqual([]);
  });

  it("says for every code what it is and what to do, in lower case and without a full stop", () => {
    const entries = Object.entries(catalogue).map(([code, { title, next }]) => ({ code, title, next }));
    expect(entries.filter(({ title, next }) => title.length < 10 || next.length < 10).map(({ code }) => code)).toEqual(
      [],
    );
    expect(
      entries.filter(({ title }) => /\.$/.test(title) || /^[A-Z][a-z]/.test(title)).map(({ code }) => code),
    ).toEqual([]);
    expect(entries.filter(({ next }) => /\.$/.test(next) || /^[A-Z][a-z]/.test(next)).map(({ code }) => code)).toEqual(
      [],
    );
  });
});
