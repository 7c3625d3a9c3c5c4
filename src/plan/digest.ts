import { createHash } from "node:crypto";

/** A planner asks for the digests of the same few units at every turn. */
const known = new Map<string, string>();
const limit = 1_000;

/** First 16 hex digits of a SHA-256: names a configuration or a text; not a security boundary. */
export function digestOf(text: string): string {
  const digest = known.get(text) ?? sha256Of(text).slice(0, 16);
  if (known.size >= limit) known.clear();
  known.set(text, digest);
  return digest;
}

export const sha256Of = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
