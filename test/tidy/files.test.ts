/** House rules about files, kept by a ratchet: what is listed as an exception may only become less. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

function filesOf(folder: string): SourceFile[] {
  const paths = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|cjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return paths.sort().map((path) => {
    const text = readFileSync(join(root, path), "utf8");
    return { path, text, lines: text.split("\n").length - 1 };
  });
}

const generated = (path: string): boolean => path.startsWith("src/etcd/proto/");

const source = filesOf("src").filter(({ path }) => !generated(path));
const tests = filesOf("test");
/** Takes other people's notes to themselves out of etcd's protos, and so has to name them. */
const namesNotes = "scripts/import-proto.mjs";
const all = [...source, ...tests, ...filesOf("bench"), ...filesOf("scripts").filter(({ path }) => path !== namesNotes)];

const longestLines = 300;

/** Files with more lines than that, and how many they have. Empty, and to stay so. */
const tooLong: Readonly<Record<string, number>> = {};

describe("files are small", () => {
  it("sees the product and its tests", () => {
    expect(source.length).toBeGreaterThan(100);
    expect(tests.length).toBeGreaterThan(30);
  });

  it(`none of the product has more than ${longestLines} lines`, () => {
    const longer = source.filter(({ lines }) => lines > longestLines).map(({ path, lines }) => [path, lines]);
    expect(Object.fromEntries(longer)).toEqual(tooLong);
  });

  it("half of them have 70 lines or fewer", () => {
    const sizes = source.map(({ lines }) => lines).sort((a, b) => a - b);
    const share = (part: number): number => sizes[Math.floor(sizes.length * part)] ?? 0;
    console.log(
      `${sizes.length} files in src, ${sizes.reduce((sum, size) => sum + size, 0)} lines; median ${share(0.5)}, nine in ten up to ${share(0.9)}, longest ${sizes.at(-1)}`,
    );
    expect(share(0.5)).toBeLessThanOrEqual(70);
  });
});

describe("files are named after what is in them", () => {
  const vague = /(^|[-./])(utils?|helpers?|managers?|misc|impl|common|base|stuff|tools)([-.]|$)/;

  it("and not after nothing in particular", () => {
    const exempt = ["src/release/tool.ts"];
    expect(
      all
        .filter(({ path }) => vague.test(path.replace(/\.(ts|mjs|cjs)$/, "")) && !exempt.includes(path))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it("in lower case with dashes", () => {
    expect(
      all.map(({ path }) => basename(path)).filter((name) => !/^[a-z0-9]+([-.][a-z0-9]+)*\.(ts|mjs|cjs)$/.test(name)),
    ).toEqual([]);
  });

  it("and so are classes and interfaces", () => {
    const names = source.flatMap(({ path, text }) =>
      [...text.matchAll(/\b(?:class|interface|type) ([A-Z]\w*)/g)].map(([, name = ""]) => `${path}: ${name}`),
    );
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => /(Manager|Helper|Utils?|Service|Impl)$/.test(name))).toEqual([]);
  });
});

/** Spelt in two parts, so that this file is not its own first exception. */
const words = (...halves: readonly (readonly [string, string])[]): RegExp =>
  new RegExp(halves.map((parts) => parts.join("")).join("|"));

describe("nothing is left for later", () => {
  it.each([
    ["notes to self", words(["TO", "DO"], ["FIX", "ME"], ["XX", "X:"], ["HA", "CK:"])],
    [
      "silenced compilers",
      words(["@ts-", "ignore"], ["@ts-", "nocheck"], ["eslint-", "disable"], ["oxlint-", "disable"]),
    ],
    ["tests that are not run", words(["\\.sk", "ip\\("], ["\\.on", "ly\\("], ["\\.to", "do\\("], ["\\bx", "it\\("])],
    ["loose types", words([": a", "ny\\b"], ["as a", "ny\\b"], ["<a", "ny>"])],
  ])("no %s", (_, pattern) => {
    const found = all.flatMap(({ path, text }) =>
      text
        .split("\n")
        .flatMap((line, index) =>
          pattern.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
        ),
    );
    expect(found).toEqual([]);
  });

  it("no notes to self in comments either", () => {
    const pattern = words(["\\bTO", "DO\\b"], ["\\bFIX", "ME\\b"]);
    expect(all.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe("what the product reads of its surroundings", () => {
  /** Set by quorate for the processes that it starts, and read by its own tests. */
  const internal = ["QUORATE_CONFIG", "QUORATE_CRASH_AT"];

  it("is on the page of the command line", () => {
    const page = readFileSync(join(root, "docs/reference/cli.md"), "utf8");
    const names = new Set(source.flatMap(({ text }) => text.match(/\bQUORATE_[A-Z_]+\b/g) ?? []));
    expect(names.size).toBeGreaterThan(internal.length);
    expect([...names].filter((name) => !internal.includes(name) && !page.includes(`\`${name}\``))).toEqual([]);
  });
});
