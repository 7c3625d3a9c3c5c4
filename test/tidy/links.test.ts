/** What the pages point to is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const docs = readdirSync(join(root, "docs"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)));
const pages = [...readdirSync(root).filter((name) => name.endsWith(".md")), ...docs];
const text = (page: string): string => readFileSync(join(root, page), "utf8");

/** As GitHub makes them of headings. */
const anchorsOf = (page: string): string[] =>
  [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );

const links = pages.flatMap((page) =>
  [...text(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => ({ page, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target)),
);

describe("the pages", () => {
  it("point to each other", () => {
    expect(pages.length).toBeGreaterThan(10);
    expect(links.length).toBeGreaterThan(20);
  });

  it("lead to files and headings that exist", () => {
    const dead = links.filter(({ page, target }) => {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : relative(root, join(root, dirname(page), path));
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchorsOf(file).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it("are all reached from the README", () => {
    const reached = new Set(["README.md"]);
    for (const page of reached) {
      for (const { target } of links.filter((link) => link.page === page)) {
        const file = relative(root, join(root, dirname(page), target.split("#")[0] ?? ""));
        if (pages.includes(file)) reached.add(file);
      }
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  it("name no code that does not exist", () => {
    const codes = new Set(
      [...text("docs/reference/errors.md").matchAll(/^## (E_[A-Z0-9_]+)$/gm)].map(([, code]) => code),
    );
    const named = pages.flatMap((page) =>
      [...text(page).matchAll(/`(E_[A-Z0-9_]+)`/g)].map(([, code]) => ({ page, code })),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(({ code }) => !codes.has(code))).toEqual([]);
  });
});
