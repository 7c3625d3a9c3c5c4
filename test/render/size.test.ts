import { describe, expect, it } from "vitest";
import { share, size } from "../../src/render/size.js";

describe("a size", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1 KiB"],
    [20_480, "20 KiB"],
    [20_992, "20.5 KiB"],
    [2 ** 31, "2 GiB"],
    [1023 * 1024, "1 MiB"],
    [500 * 2 ** 40, "500 TiB"],
  ])("of %d bytes is %s", (bytes, text) => {
    expect(size(bytes)).toBe(text);
  });

  it("may be a 64-bit number", () => {
    expect(size(2n ** 33n)).toBe("8 GiB");
  });
});

describe("a share", () => {
  it("is in per cent", () => expect(share(16_384n, 24_576n)).toBe("67 %"));
  it("of nothing is not known", () => expect(share(0, 0)).toBe("-"));
});
