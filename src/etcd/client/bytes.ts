/** Keys and values: text stands for its UTF-8. */
export type Bytes = string | Uint8Array;

const encoder = new TextEncoder();

export function bytesOf(text: Bytes): Uint8Array {
  return typeof text === "string" ? encoder.encode(text) : text;
}

/**
 * The rangeEnd that, with the prefix as key, means all keys with this prefix. An empty prefix, and one of 0xff bytes
 * only, has no end but that of all keys, which etcd writes as a zero byte.
 */
export function prefixEnd(prefix: Bytes): Uint8Array {
  const end = Uint8Array.from(bytesOf(prefix));
  for (let index = end.length - 1; index >= 0; index -= 1) {
    const byte = end[index] ?? 0xff;
    if (byte === 0xff) continue;
    end[index] = byte + 1;
    return end.slice(0, index + 1);
  }
  return Uint8Array.of(0);
}
