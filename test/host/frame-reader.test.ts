import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorReader, OutputReader, type OutputEvent } from "../../src/host/frame-reader.js";

const nonce = "00112233445566778899aabb";

/** Feed bytes in pieces cut at the given places. */
function read(bytes: Buffer, cuts: readonly number[], limit = 1_000_000): { events: OutputEvent[]; chatter: string } {
  const reader = new OutputReader(nonce, limit);
  const events: OutputEvent[] = [];
  let from = 0;
  for (const cut of [...cuts.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    events.push(...reader.push(bytes.subarray(from, cut)));
    from = cut;
  }
  return { events, chatter: reader.chatter };
}

describe("OutputReader", () => {
  it("finds the same answers however the bytes are cut", () => {
    const outputs = fc.array(fc.record({ body: fc.uint8Array({ maxLength: 60 }), status: fc.nat(255) }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(outputs, fc.array(fc.nat(), { maxLength: 20 }), (answers, cuts) => {
        const frames = answers.map(({ body, status }, index) =>
          Buffer.concat([body, Buffer.from(`\n${nonce} ${index + 1} ${status}\n`)]),
        );
        const { events } = read(Buffer.concat([Buffer.from(`motd\n${nonce} ready 99\n`), ...frames]), cuts);
        expect(events).toEqual([
          { ready: true, pid: 99 },
          ...answers.map(({ body, status }, index) => ({ id: index + 1, status, stdout: Buffer.from(body) })),
        ]);
      }),
    );
  });

  it("keeps what a login shell says first", () => {
    expect(read(Buffer.from(`Welcome!\nno newline${nonce} ready 7\n`), []).chatter).toBe("Welcome!\nno newline");
  });

  it("tells a skipped frame", () => {
    expect(read(Buffer.from(`${nonce} ready 7\n\n${nonce} 3 skip\n`), []).events[1]).toMatchObject({
      id: 3,
      status: "skip",
    });
  });

  it("gives up on an answer that is too long", () => {
    expect(() => read(Buffer.from(`${nonce} ready 7\n${"x".repeat(2_000)}`), [], 1_000)).toThrow(RangeError);
  });

  it("gives up on a login shell that never stops talking", () => {
    expect(() => read(Buffer.alloc(100_000, "y"), [])).toThrow(RangeError);
  });

  it("throws nothing but RangeError, whatever comes", () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(`\n${nonce} `, `${nonce} ready `, "\n", " 0\n", "1").map((text) => Buffer.from(text)),
      ),
    );
    fc.assert(
      fc.property(pieces, (chunks) => {
        const reader = new OutputReader(nonce, 500);
        try {
          for (const chunk of chunks) reader.push(chunk);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe("ErrorReader", () => {
  it("says which frame wrote what", () => {
    const reader = new ErrorReader(nonce);
    const found = [
      ...reader.push(Buffer.from(`banner\n${nonce} 0\nmv: no${nonce}`)),
      ...reader.push(Buffer.from(` 1\n${nonce} 2\nrest`)),
    ];
    expect(found).toEqual([
      { id: 0, stderr: "banner\n" },
      { id: 1, stderr: "mv: no" },
      { id: 2, stderr: "" },
    ]);
    expect(reader.pending).toBe("rest");
  });

  it("keeps only the end of endless errors", () => {
    const reader = new ErrorReader(nonce);
    for (let round = 0; round < 50; round += 1) reader.push(Buffer.alloc(10_000, "e"));
    expect(reader.pending.length).toBeLessThanOrEqual(65_536);
  });
});
