/** A source that a test makes up: what it offers, and what it brings or fails with. */
import { QuorateError, type ErrorCode } from "../../../src/errors.js";
import type { Order, Source } from "../../../src/release/sources/source.js";
import { putBinaries } from "./folders.js";

export interface FakeSource extends Source {
  /** What was asked of it. */
  readonly asked: string[];
}

export function fakeSource(
  name: Source["name"],
  versions: readonly string[],
  options: { identity?: string } = {},
): FakeSource {
  const asked: string[] = [];
  return {
    name,
    asked,
    async offers() {
      asked.push("offers");
      return versions;
    },
    async obtain({ version, arch, into }: Order) {
      asked.push(`obtain ${version}`);
      if (!versions.includes(version)) throw new QuorateError("E_RELEASE_UNREACHABLE", `${name} has no ${version}`);
      await putBinaries(into, version, arch);
      return { source: `${name}: a test`, archives: [{ name: "archive", sha256: "0".repeat(64) }] };
    },
    ...(options.identity === undefined ? {} : { identity: async () => options.identity }),
  };
}

/** A source that fails in every way with this code. */
export function brokenSource(name: Source["name"], code: ErrorCode, message: string): FakeSource {
  const asked: string[] = [];
  const fail = (what: string): never => {
    asked.push(what);
    throw new QuorateError(code, message);
  };
  return { name, asked, offers: async () => fail("offers"), obtain: async () => fail("obtain") };
}
