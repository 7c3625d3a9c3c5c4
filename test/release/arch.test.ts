import { open } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { architecture, architectures, archOfExecutable, thisArch } from "../../src/release/arch.js";
import { failure } from "./support/failure.js";
import { tinyElf } from "./support/tiny-elf.js";

describe("the architecture of an executable", () => {
  test.each(architectures.map(({ name }) => name))("%s is told by its ELF header", (name) => {
    expect(archOfExecutable(tinyElf(name, "x"))).toEqual({ arch: name });
  });

  test("of this very Node is this machine's", async () => {
    const file = await open(process.execPath);
    const { buffer } = await file.read(Buffer.alloc(64), 0, 64, 0).finally(() => file.close());
    expect(archOfExecutable(buffer)).toEqual({ arch: thisArch() });
  });

  test.each([
    ["a script", Buffer.from("#!/bin/sh\nexit 0\nexit 0\n"), "not a Linux executable"],
    ["a Mach-O file", Buffer.from("cffaedfe0c00000100000000020000001000", "hex"), "not a Linux executable"],
    ["an empty file", Buffer.alloc(0), "not a Linux executable"],
    ["an ELF file for a Motorola 68000", elfFor(4), "an executable for ELF machine 4"],
  ])("%s is named for what it is", (_what, header, words) => {
    expect(archOfExecutable(header)).toEqual({ instead: words });
  });
});

test("an architecture without a name in quorate is refused with those that have one", async () => {
  const error = await failure(() => architecture("x86_64"));
  expect(error.code).toBe("E_RELEASE_ARCH");
  expect(error.details.expected).toContain("amd64");
});

function elfFor(machine: number): Buffer {
  const header = tinyElf("amd64", "x");
  header.writeUInt16LE(machine, 18);
  return header;
}
