import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress, urlOf } from "../../src/spec/address.js";
import { pathText, quoted } from "../../src/spec/problem.js";
import {
  formatDays,
  formatSize,
  goDuration,
  parseDuration,
  parseSize,
  quantityAdvice,
} from "../../src/spec/quantities.js";
import { nearest } from "../../src/spec/text/nearest.js";

test.each([
  ["100ms", 100],
  ["1.5s", 1500],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["90d", 7_776_000_000],
  ["52w", 31_449_600_000],
  ["10y", 315_360_000_000],
])("%s is %i ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "100", "100 ms", "1 h", "h", "-1s", "1H", "1min", "١s"])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test("what is given to Go means the same there", () => {
  const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
  fc.assert(
    fc.property(fc.nat(10_000_000), (milliseconds) => {
      const [, amount, unit] = /^(\d+)(h|m|s|ms)$/.exec(goDuration(milliseconds)) ?? [];
      expect(Number(amount) * units[unit as keyof typeof units]).toBe(milliseconds);
    }),
  );
});

test("days are written so that they are read back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 36_500 }), (days) => parseDuration(formatDays(days)) === days * 86_400_000),
  );
  expect([365, 730, 90].map(formatDays)).toEqual(["365d", "2y", "90d"]);
});

test.each([
  ["0", 0],
  ["8589934592", 8_589_934_592],
  ["8GiB", 8_589_934_592],
  ["8GB", 8_000_000_000],
  ["1.5MiB", 1_572_864],
  ["512kB", 512_000],
  ["1B", 1],
])("%s is %i bytes", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(["", "8G", "8Gi", "8gb", "8 GiB", "-1", "0.3B", "99999999TiB", "1e9"])("%j is no size", (text) => {
  expect(parseSize(text)).toBeUndefined();
});

test("sizes are written so that they are read back", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (bytes) => parseSize(formatSize(bytes)) === bytes));
  expect([8 * 2 ** 30, 1_000_000, 2 ** 20].map(formatSize)).toEqual(["8GiB", "1000000", "1MiB"]);
});

test.each([
  ["8g", "size", "write 8GiB (8589934592 bytes) or 8GB (8000000000 bytes)"],
  ["512k", "size", "write 512KiB (524288 bytes) or 512kB (512000 bytes)"],
  ["1Ti", "size", "write 1TiB (1099511627776 bytes) or 1TB (1000000000000 bytes)"],
  ["8 GiB", "size", "write 8GiB, without the space"],
  ["30", "duration", "write the unit: 30ms, 30s or 30h"],
  ["soon", "duration", undefined],
] as const)("advice for %j as a %s", (text, kind, advice) => {
  expect(quantityAdvice(text, kind)).toBe(advice);
});

test.each([
  ["10.64.3.7", "ipv4", "10.64.3.7"],
  ["fd00::7", "ipv6", "fd00::7"],
  ["[FD00:0:0::7]", "ipv6", "fd00::7"],
  ["ETCD-Host0.Example", "name", "etcd-host0.example"],
  ["1and1.example", "name", "1and1.example"],
  ["xn--r8jz45g.jp", "name", "xn--r8jz45g.jp"],
])("%s is an address of kind %s: %s", (text, kind, canonical) => {
  expect(parseAddress(text)).toEqual({ kind, text: canonical });
});

test("an address that was read is read again as itself", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), (text) => {
      const once = parseAddress(text);
      if (once.kind !== "wrong") expect(parseAddress(once.text)).toEqual(once);
    }),
  );
});

test("URLs put brackets around IPv6 only", () => {
  expect([urlOf("https", "10.0.0.1", 2379), urlOf("https", "fd00::7", 2379), urlOf("http", "h.example", 1)]).toEqual([
    "https://10.0.0.1:2379",
    "https://[fd00::7]:2379",
    "http://h.example:1",
  ]);
});

test.each([
  ["quota-backend-byte", "quota-backend-bytes"],
  ["Members", "members"],
  ["allow_even", "allow-even"],
  ["nmae", "name"],
  ["heartbeat", undefined],
  ["", undefined],
])("the nearest to %j is %j", (word, expected) => {
  expect(nearest(word, ["name", "members", "allow-even", "quota-backend-bytes", "heartbeat-interval"])).toBe(expected);
});

test("paths are written as people write them", () => {
  expect(
    [[], ["members", 1, "client", "port"], ["etcd", "settings", "max-wals"], ["members", "a b"], ["x", ""]].map(
      pathText,
    ),
  ).toEqual(["", "members[1].client.port", "etcd.settings.max-wals", 'members["a b"]', 'x[""]']);
});

test("values are shown on one short line", () => {
  expect([quoted("a\nb"), quoted(["a"]), quoted({}), quoted("x".repeat(200)).length]).toEqual([
    '"a\\nb"',
    "a list",
    "a mapping",
    78,
  ]);
});
