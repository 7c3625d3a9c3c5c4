import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quote, quoteAccount, quoteMode, quoteOwnPath, quotePath, quoteUnit } from "../../src/host/quote.js";

const hostile = fc.string({
  unit: fc.constantFrom(
    "'",
    '"',
    ";",
    "$",
    "(",
    ")",
    "`",
    "\\",
    "\n",
    " ",
    "*",
    "~",
    "!",
    "#",
    "&",
    "|",
    "a",
    "é",
    "-",
  ),
  maxLength: 30,
});

describe("quote", () => {
  it("gives back any text exactly, whatever it looks like to a shell", () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 20 }), (texts) => {
        const script = texts.map((text) => `printf '%s\\0' ${quote(text)}`).join("\n");
        expect(execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 40 },
    );
  });

  it("refuses NUL", () => {
    expect(() => quote("a\0b")).toThrow("NUL");
  });
});

describe("quotePath", () => {
  it.each(["", "etc", "./etc", "/etc/../root", "/etc//x", "/etc/", "/a/./b", "/a\nb", "/a\0b", "~/x"])(
    "refuses %j",
    (path) => {
      expect(() => quotePath(path)).toThrow(expect.objectContaining({ code: "E_HOST_VALUE" }));
    },
  );

  it.each(["/", "/etc", "/var/lib/etcd", "/srv/with space/é", "/a/-rf", "/it's"])("takes %j", (path) => {
    expect(quotePath(path)).toMatch(/^'\//);
  });
});

describe("quoteOwnPath", () => {
  it.each(["/", "/etc", "/var/lib", "/usr/local/bin", "/home", "/etc/systemd/system", "/opt"])(
    "refuses %s, which is the operating system's",
    (path) => {
      expect(() => quoteOwnPath(path)).toThrow(expect.objectContaining({ code: "E_HOST_VALUE" }));
    },
  );

  it("takes a folder of our own", () => {
    expect(quoteOwnPath("/var/lib/etcd")).toBe("'/var/lib/etcd'");
  });
});

it.each(["", "-u", "a b", "a:b", "root;id", "$(id)", "x".repeat(40)])("is no account: %j", (name) => {
  expect(() => quoteAccount(name)).toThrow(expect.objectContaining({ code: "E_HOST_VALUE" }));
});

it.each(["", "-etcd", "a/b", "a b", "etcd;reboot", "$(x)"])("is no unit: %j", (unit) => {
  expect(() => quoteUnit(unit)).toThrow(expect.objectContaining({ code: "E_HOST_VALUE" }));
});

it("adds .service once", () => {
  expect([quoteUnit("etcd"), quoteUnit("etcd.service"), quoteUnit("etcd@a")]).toEqual([
    "'etcd.service'",
    "'etcd.service'",
    "'etcd@a.service'",
  ]);
});

it.each(["", "u+s", "644 x", "99", "0o600"])("is no mode: %j", (mode) => {
  expect(() => quoteMode(mode)).toThrow(expect.objectContaining({ code: "E_HOST_VALUE" }));
});
