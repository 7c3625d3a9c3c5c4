import { describe, expect, it } from "vitest";
import { onInterrupt } from "../../src/cli/interrupt.js";
import { sit } from "./fake-sitting.js";

describe("Ctrl-C", () => {
  it("once asks for a stop in a good place", () => {
    const interrupt = onInterrupt(sit().session, () => undefined);
    expect(interrupt.signal.aborted).toBe(false);
    process.emit("SIGINT");
    expect(interrupt.signal.aborted).toBe(true);
    interrupt.release();
  });

  it("twice stops at once", () => {
    const codes: number[] = [];
    const sitting = sit();
    const interrupt = onInterrupt(sitting.session, (code) => codes.push(code));
    process.emit("SIGINT");
    expect(codes).toEqual([]);
    process.emit("SIGINT");
    expect(codes).toEqual([130]);
    expect(sitting.err()).toContain("Run the same command again");
    interrupt.release();
  });
});
