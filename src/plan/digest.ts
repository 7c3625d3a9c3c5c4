import { createHash } from "node:crypto";

/** First 16 hex digits of a SHA-256: names a configuration or a text; not a security boundary. */
export const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

export const sha256Of = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
