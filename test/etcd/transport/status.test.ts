import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  percentDecode,
  statusIn,
  statusOfHttp,
  statusOfReset,
  timeoutHeader,
} from "../../../src/etcd/transport/status.js";

describe("statusIn", () => {
  it("reads code and message", () => {
    expect(statusIn({ "grpc-status": "9", "grpc-message": "not%20leader" })).toEqual({
      code: 9,
      message: "not leader",
    });
  });
  it("is undefined without a status", () => {
    expect(statusIn({ "grpc-message": "x" })).toBeUndefined();
  });
  it("takes a code that is not a number for UNKNOWN", () => {
    expect(statusIn({ "grpc-status": "x" })?.code).toBe(2);
  });
});

describe("percentDecode", () => {
  it("is the inverse of encoding, for every text", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => percentDecode(encodeURIComponent(text)) === text));
  });
  it.each(["100%", "%", "%zz", "50% of %1"])("leaves %s as it is", (text) => {
    expect(percentDecode(text)).toBe(text);
  });
});

it.each([
  [250, "250m"],
  [0.2, "1m"],
  [-5, "1m"],
  [99_999_999, "99999999m"],
  [100_000_000, "100000S"],
  [1e15, "99999999S"],
])("a timeout of %d ms is written %s", (milliseconds, text) => {
  expect(timeoutHeader(milliseconds)).toBe(text);
});

it.each([
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [503, 14],
  [500, 2],
])("HTTP status %d means gRPC status %d", (http, code) => {
  expect(statusOfHttp(http).code).toBe(code);
});

it.each([
  [7, 14],
  [8, 1],
  [11, 8],
  [12, 7],
  [2, 13],
])("a reset with HTTP/2 code %d means gRPC status %d", (http2, code) => {
  expect(statusOfReset(http2).code).toBe(code);
});
