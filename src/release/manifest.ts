/** manifest.json: what a cached release consists of and where it came from. */
import { binaryNames, type Binary } from "./binaries.js";

export interface Manifest {
  readonly version: string;
  readonly arch: string;
  /** Where it came from, in words. */
  readonly source: string;
  readonly binaries: readonly Binary[];
  /** What was unpacked. */
  readonly archives: readonly { readonly name: string; readonly sha256: string }[];
}

/** undefined: the text is no manifest. */
export function readManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (!isRecord(value) || !Array.isArray(value["binaries"]) || !Array.isArray(value["archives"])) return false;
  const words = ["version", "arch", "source"].every((field) => typeof value[field] === "string");
  return words && value["binaries"].length > 0 && value["binaries"].every(isBinary);
}

function isBinary(value: unknown): value is Binary {
  if (!isRecord(value) || typeof value["size"] !== "number") return false;
  return binaryNames.some((name) => name === value["name"]) && /^[0-9a-f]{64}$/.test(String(value["sha256"]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
