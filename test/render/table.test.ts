import { describe, expect, it } from "vitest";
import { coloured } from "../../src/render/style.js";
import { spread, table } from "../../src/render/table.js";
import { wrap } from "../../src/render/wrap.js";

describe("a table", () => {
  it("has columns as wide as their widest cell", () => {
    expect(
      table([
        ["NAME", "ROLE"],
        ["etcd1", "leader"],
        ["b", "-"],
      ]),
    ).toEqual(["NAME   ROLE", "etcd1  leader", "b      -"]);
  });

  it("is not pushed out of shape by colours", () => {
    const [heading, row] = table([
      ["A", "B"],
      [coloured.green("yes"), "b"],
    ]);
    expect([heading, row]).toEqual(["A    B", "\u001b[32myes\u001b[39m  b"]);
  });
});

describe("two texts on one line", () => {
  it("stand at both ends of it", () => expect(spread("left", "right", 14)).toBe("left     right"));
  it("never touch", () => expect(spread("left", "right", 4)).toBe("left  right"));
});

describe("a long text", () => {
  it("is broken between words", () => expect(wrap("one two three", 8)).toEqual(["one two", "three"]));
  it("keeps a word whole that is longer than the line", () =>
    expect(wrap("a abcdefghij b", 4)).toEqual(["a", "abcdefghij", "b"]));
});
