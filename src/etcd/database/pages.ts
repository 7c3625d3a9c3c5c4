/**
 * A database file of etcd (bbolt) as it goes by: of a stream that may be gigabytes, only those pages are kept that a
 * small bucket with short, readable keys can be found through. Layout: bbolt, internal/common/{page,meta}.go.
 */

/** Numbers are as the member's machine writes them. */
export interface Pages {
  readonly littleEndian: boolean;
  /** Page that the root of all buckets is in. */
  readonly root: bigint;
  /** Kept ones by number, with what flows over into the following ones. */
  readonly kept: ReadonlyMap<bigint, Buffer>;
}

export const pageKind = { branch: 0x01, leaf: 0x02 } as const;
export const headerBytes = 16;
export const elementBytes = 16;
export const bucketFlag = 0x01;

const magic = 0xed0cdaed;
const metaBytes = 80;
/** Bytes. A file that makes one keep more than this is none that etcd has written. */
const keptLimit = 64 * 2 ** 20;
/** Names of buckets, IDs of members, names of users; not the revisions of keys, nor leases. */
const readable = /^[\x20-\x7e]{1,255}$/;

/** @throws RangeError for what is no database file, or not a whole one */
export async function pagesOf(stream: AsyncIterable<Uint8Array>): Promise<Pages> {
  const sieve = new Sieve();
  for await (const bytes of stream) sieve.push(bytes);
  return sieve.end();
}

class Sieve {
  #rest: Buffer = Buffer.alloc(0);
  #size = 0;
  #littleEndian = true;
  #next = 0n;
  #root: { readonly page: bigint; readonly transaction: bigint } | undefined;
  readonly #kept = new Map<bigint, Buffer>();
  #keptBytes = 0;
  /** The page that the next ones belong to, and how many of them. */
  #flowing: { readonly page: bigint; left: number } | undefined;

  push(bytes: Uint8Array): void {
    this.#rest = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    if (this.#size === 0) {
      if (this.#rest.length < metaBytes) return;
      this.#begin();
    }
    let at = 0;
    for (; at + this.#size <= this.#rest.length; at += this.#size) this.#see(this.#rest.subarray(at, at + this.#size));
    this.#rest = Buffer.from(this.#rest.subarray(at));
  }

  end(): Pages {
    if (this.#root === undefined) throw new RangeError("this is no database file of etcd");
    return { littleEndian: this.#littleEndian, root: this.#root.page, kept: this.#kept };
  }

  #begin(): void {
    this.#littleEndian = this.#rest.readUInt32LE(headerBytes) === magic;
    this.#size = this.#u32(this.#rest, headerBytes + 8);
    const plausible = this.#size >= 512 && this.#size <= 65_536 && (this.#size & (this.#size - 1)) === 0;
    if (this.#u32(this.#rest, headerBytes) !== magic || !plausible)
      throw new RangeError("this is no database file of etcd");
  }

  #see(page: Buffer): void {
    const number = this.#next;
    this.#next += 1n;
    if (number < 2n) this.#seeMeta(page);
    const flowing = this.#flowing;
    if (flowing !== undefined) {
      this.#keep(flowing.page, page);
      flowing.left -= 1;
      if (flowing.left === 0) this.#flowing = undefined;
    }
    // Pages that are free keep what they once held, so each is judged by itself; what is not in use is never asked for.
    if (this.#u64(page, 0) !== number || !this.#isOfInterest(page)) return;
    this.#keep(number, page);
    const overflow = this.#u32(page, 12);
    if (overflow > 0 && overflow < 256 && this.#flowing === undefined) this.#flowing = { page: number, left: overflow };
  }

  #seeMeta(page: Buffer): void {
    if (this.#u32(page, headerBytes) !== magic) return;
    const [root, transaction] = [this.#u64(page, 32), this.#u64(page, 64)];
    if (this.#root === undefined || transaction > this.#root.transaction) this.#root = { page: root, transaction };
  }

  #isOfInterest(page: Buffer): boolean {
    const kind = this.#u16(page, 8);
    if (this.#u16(page, 10) === 0 || (kind !== pageKind.branch && kind !== pageKind.leaf)) return false;
    const leaf = kind === pageKind.leaf;
    const position = headerBytes + this.#u32(page, headerBytes + (leaf ? 4 : 0));
    const length = this.#u32(page, headerBytes + (leaf ? 8 : 4));
    return position + length <= page.length && readable.test(page.toString("latin1", position, position + length));
  }

  #keep(number: bigint, page: Buffer): void {
    this.#keptBytes += page.length;
    if (this.#keptBytes > keptLimit) throw new RangeError("this database file has too many pages of names");
    this.#kept.set(number, Buffer.concat([this.#kept.get(number) ?? Buffer.alloc(0), page]));
  }

  readonly #u16 = (page: Buffer, at: number): number =>
    this.#littleEndian ? page.readUInt16LE(at) : page.readUInt16BE(at);
  readonly #u32 = (page: Buffer, at: number): number =>
    this.#littleEndian ? page.readUInt32LE(at) : page.readUInt32BE(at);
  readonly #u64 = (page: Buffer, at: number): bigint =>
    this.#littleEndian ? page.readBigUInt64LE(at) : page.readBigUInt64BE(at);
}
