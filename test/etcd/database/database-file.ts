/** A database file as bbolt writes one, small and by hand. */
export type Entries = readonly (readonly [key: string, value: string | Buffer])[];

export interface Shape {
  readonly littleEndian?: boolean;
  readonly pageSize?: number;
  /** Each bucket is a page of its own; otherwise it is in the page of its parent. */
  readonly ownPages?: boolean;
  /** Buckets are longer than a page. */
  readonly overflow?: boolean;
  /** Buckets have a page above their leaves. */
  readonly branch?: boolean;
  /** What the bucket "members" had in a transaction before. */
  readonly stale?: Entries;
  /** A page that leads to itself. */
  readonly circle?: boolean;
}

export function databaseFile(buckets: Readonly<Record<string, Entries>>, shape: Shape): Buffer {
  const { littleEndian = true, pageSize = 4_096, ownPages = false, overflow = false, branch = false } = shape;
  const u16 = (to: Buffer, at: number, n: number): number =>
    littleEndian ? to.writeUInt16LE(n, at) : to.writeUInt16BE(n, at);
  const u32 = (to: Buffer, at: number, n: number): number =>
    littleEndian ? to.writeUInt32LE(n, at) : to.writeUInt32BE(n, at);
  const u64 = (to: Buffer, at: number, n: number): number =>
    littleEndian ? to.writeBigUInt64LE(BigInt(n), at) : to.writeBigUInt64BE(BigInt(n), at);
  const pages: Buffer[] = [];

  /** Header and elements of a page, as long as they are. */
  const leafOf = (entries: Entries, flags = 0): Buffer => {
    const head = Buffer.alloc(16 + 16 * entries.length);
    u16(head, 8, 0x02);
    u16(head, 10, entries.length);
    const bodies = entries.map(([key, value]) => Buffer.concat([Buffer.from(key), Buffer.from(value)]));
    let position = head.length;
    for (const [index, [key, value]] of entries.entries()) {
      const at = 16 + 16 * index;
      u32(head, at, flags);
      u32(head, at + 4, position - at);
      u32(head, at + 8, key.length);
      u32(head, at + 12, Buffer.from(value).length);
      position += bodies[index]?.length ?? 0;
    }
    return Buffer.concat([head, ...bodies]);
  };
  const branchOf = (children: readonly (readonly [key: string, page: number])[]): Buffer => {
    const head = Buffer.alloc(16 + 16 * children.length);
    u16(head, 8, 0x01);
    u16(head, 10, children.length);
    let position = head.length;
    for (const [index, [key, page]] of children.entries()) {
      const at = 16 + 16 * index;
      u32(head, at, position - at);
      u32(head, at + 4, key.length);
      u64(head, at + 8, page);
      position += key.length;
    }
    return Buffer.concat([head, ...children.map(([key]) => Buffer.from(key))]);
  };
  /** @returns its number */
  const put = (page: Buffer): number => {
    const number = pages.length;
    const count = Math.ceil(page.length / pageSize);
    const whole = Buffer.concat([page, Buffer.alloc(count * pageSize - page.length)]);
    u64(whole, 0, number);
    u32(whole, 12, count - 1);
    for (let at = 0; at < count; at += 1) pages.push(whole.subarray(at * pageSize, (at + 1) * pageSize));
    return number;
  };
  const treeOf = (entries: Entries): number => {
    const fits = overflow ? entries.length : 20;
    if (!branch && entries.length <= fits) return put(leafOf(entries));
    const leaves: [string, number][] = [];
    for (let at = 0; at < entries.length; at += fits)
      leaves.push([entries[at]?.[0] ?? "", put(leafOf(entries.slice(at, at + fits)))]);
    return put(branchOf(shape.circle === true ? [["0", pages.length]] : leaves));
  };
  const rootOf = (all: Readonly<Record<string, Entries>>): number =>
    put(
      leafOf(
        Object.entries(all).map(([name, entries]) => {
          const head = Buffer.alloc(16);
          if (ownPages) u64(head, 0, treeOf(entries));
          return [name, ownPages ? head : Buffer.concat([head, leafOf(entries)])] as const;
        }),
        0x01,
      ),
    );

  pages.push(Buffer.alloc(pageSize), Buffer.alloc(pageSize));
  const roots = [rootOf({ members: shape.stale ?? [["older", "{}"]] }), rootOf(buckets)];
  for (const [index, root] of roots.entries()) {
    const meta = pages[1 - index] ?? Buffer.alloc(0);
    u64(meta, 0, 1 - index);
    u16(meta, 8, 0x04);
    u32(meta, 16, 0xed0cdaed);
    u32(meta, 20, 2);
    u32(meta, 24, pageSize);
    u64(meta, 32, root);
    u64(meta, 64, 7 + index);
  }
  return Buffer.concat(pages);
}
