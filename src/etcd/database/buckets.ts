/** Entries of a bucket, out of the pages that were kept of a database file. Layout: bbolt, bucket.go and internal/common. */
import { bucketFlag, elementBytes, headerBytes, pageKind, type Pages } from "./pages.js";

interface Entry {
  readonly key: string;
  readonly value: Buffer;
  readonly isBucket: boolean;
}

/** Pages from the root of a tree to a leaf; more is a circle. */
const deepest = 32;

/** @returns entries by key; none when there is no such bucket @throws RangeError when a page of it was not kept */
export function bucketOf(pages: Pages, name: string): ReadonlyMap<string, Buffer> {
  const root = [...entriesBelow(pages, pages.root)].find(({ key, isBucket }) => isBucket && key === name);
  if (root === undefined) return new Map();
  const at = u64(pages, root.value, 0);
  // A small bucket is no page of its own: it follows its head.
  const entries = at === 0n ? entriesIn(pages, root.value.subarray(headerBytes)) : entriesBelow(pages, at);
  return new Map([...entries].map(({ key, value }) => [key, value]));
}

function* entriesBelow(pages: Pages, number: bigint, depth = 0): Generator<Entry> {
  const page = pages.kept.get(number);
  if (page === undefined || depth > deepest) throw new RangeError(`page ${number} of the database file is not there`);
  if (u16(pages, page, 8) === pageKind.leaf) yield* entriesIn(pages, page);
  else
    for (let index = 0; index < u16(pages, page, 10); index += 1)
      yield* entriesBelow(pages, u64(pages, page, headerBytes + index * elementBytes + 8), depth + 1);
}

function* entriesIn(pages: Pages, page: Buffer): Generator<Entry> {
  for (let index = 0; index < u16(pages, page, 10); index += 1) {
    const at = headerBytes + index * elementBytes;
    const [flags, position, keyLength, valueLength] = [0, 4, 8, 12].map((offset) => u32(pages, page, at + offset));
    const begin = at + (position ?? 0);
    const end = begin + (keyLength ?? 0);
    if (end + (valueLength ?? 0) > page.length) throw new RangeError("a page of the database file is cut short");
    const value = page.subarray(end, end + (valueLength ?? 0));
    yield { key: page.toString("latin1", begin, end), value, isBucket: ((flags ?? 0) & bucketFlag) !== 0 };
  }
}

const u16 = ({ littleEndian }: Pages, bytes: Buffer, at: number): number =>
  littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
const u32 = ({ littleEndian }: Pages, bytes: Buffer, at: number): number =>
  littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
const u64 = ({ littleEndian }: Pages, bytes: Buffer, at: number): bigint =>
  littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
