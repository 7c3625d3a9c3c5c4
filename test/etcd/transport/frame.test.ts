import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frame, Unframer } from "../../../src/etcd/transport/frame.js";

describe("gRPC frames", () => {
  it("are a zero byte, the length, the message", () => {
    expect(frame(Buffer.from("abc"))).toEqual(Buffer.from([0, 0, 0, 0, 3, 97, 98, 99]));
  });

  it("come out whole however they are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 })),
        fc.array(fc.integer({ min: 1, max: 9 })),
        (messages, cuts) => {
          const wire = Buffer.concat(messages.map(frame));
          const unframer = new Unframer(1000);
          const seen: Uint8Array[] = [];
          let at = 0;
          for (let turn = 0; at < wire.length; turn += 1) {
            const step = cuts[turn % Math.max(1, cuts.length)] ?? 7;
            seen.push(...unframer.push(wire.subarray(at, at + step)));
            at += step;
          }
          expect(seen.map((message) => [...message])).toEqual(messages.map((message) => [...message]));
          expect(unframer.empty).toBe(true);
        },
      ),
    );
  });

  it("that are cut off leave something over", () => {
    const unframer = new Unframer(1000);
    expect(unframer.push(frame(Buffer.from("abc")).subarray(0, 7))).toEqual([]);
    expect(unframer.empty).toBe(false);
  });

  it("longer than the limit are refused before they are held in memory", () => {
    const prefix = Buffer.from([0, 0, 0, 0, 11]);
    expect(() => new Unframer(10).push(prefix)).toThrowError(expect.objectContaining({ kind: "status", status: 8 }));
    expect(new Unframer(11).push(prefix)).toEqual([]);
  });

  it("that are compressed are refused, since none were offered", () => {
    expect(() => new Unframer(10).push(Buffer.from([1, 0, 0, 0, 1, 0]))).toThrowError(
      expect.objectContaining({ status: 13 }),
    );
  });
});
