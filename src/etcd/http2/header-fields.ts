/** Header fields as HTTP/2 compresses them (RFC 7541, HPACK). */
import { errorCode, Http2Error } from "./frames.js";
import { huffmanText } from "./huffman.js";
import { staticTable, type Field } from "./static-table.js";

/** What an entry of the dynamic table counts beside its text (RFC 7541, 4.1). */
const entryBytes = 32;

/** All of a connection's header blocks, in the order in which they come. Takes memory for one table and no more. */
export class FieldReader {
  readonly #largestTable: number;
  readonly #largestBlock: number;
  /** Newest first. */
  readonly #table: Field[] = [];
  #capacity: number;
  #used = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  /**
   * @param largestTable bytes, as this side has announced it or the protocol's default
   * @param largestBlock bytes of fields in one block when they are written out
   */
  constructor(largestTable = 4096, largestBlock = 65_536) {
    this.#largestTable = largestTable;
    this.#largestBlock = largestBlock;
    this.#capacity = largestTable;
  }

  /** @throws Http2Error: then no later block can be read either */
  read(block: Uint8Array): Field[] {
    this.#bytes = block;
    this.#at = 0;
    const fields: Field[] = [];
    let written = 0;
    while (this.#at < block.length) {
      const field = this.#field(block[this.#at] as number, fields.length === 0);
      if (field === undefined) continue;
      written += sizeOf(field);
      if (written > this.#largestBlock) throw broken("more headers than are accepted");
      fields.push(field);
    }
    return fields;
  }

  /** By its first octet. @returns undefined for what only changes the table's size (RFC 7541, 6) */
  #field(first: number, atBegin: boolean): Field | undefined {
    if ((first & 0x80) !== 0) return this.#entry(this.#integer(7));
    if ((first & 0x40) !== 0) return this.#remember(this.#literal(6));
    if ((first & 0x20) === 0) return this.#literal(4);
    const capacity = this.#integer(5);
    if (!atBegin || capacity > this.#largestTable) throw broken("a table size that was not agreed on");
    this.#capacity = capacity;
    this.#forget(0);
    return undefined;
  }

  #literal(prefix: number): Field {
    const index = this.#integer(prefix);
    const name = index === 0 ? this.#text() : this.#entry(index)[0];
    return [name, this.#text()];
  }

  #entry(index: number): Field {
    const field = index > staticTable.length ? this.#table[index - staticTable.length - 1] : staticTable[index - 1];
    if (field === undefined) throw broken("a header that was never told");
    return field;
  }

  #remember(field: Field): Field {
    const size = sizeOf(field);
    this.#forget(size);
    if (size <= this.#capacity) {
      this.#table.unshift(field);
      this.#used += size;
    }
    return field;
  }

  /** The oldest go, until so much fits besides. */
  #forget(wanted: number): void {
    while (this.#used + wanted > this.#capacity) {
      const oldest = this.#table.pop();
      if (oldest === undefined) return;
      this.#used -= sizeOf(oldest);
    }
  }

  /** @param prefix bits of the first octet that belong to it (RFC 7541, 5.1) */
  #integer(prefix: number): number {
    const most = (1 << prefix) - 1;
    let value = this.#octet() & most;
    if (value < most) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const octet = this.#octet();
      value += (octet & 0x7f) << shift;
      if ((octet & 0x80) === 0) return value;
    }
    throw broken("a header of senseless length");
  }

  #text(): string {
    const coded = ((this.#bytes[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    if (bytes.length < length) throw broken("a header that is cut off");
    this.#at += length;
    return coded ? huffmanText(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, length).toString("latin1");
  }

  #octet(): number {
    const octet = this.#bytes[this.#at];
    if (octet === undefined) throw broken("a header that is cut off");
    this.#at += 1;
    return octet;
  }
}

const sizeOf = ([name, value]: Field): number => name.length + value.length + entryBytes;

const broken = (what: string): Http2Error => new Http2Error(errorCode.compression, `the server sent ${what}`);

/** A block that no table is needed for: every name and value as it is. */
export function writeFields(fields: Readonly<Record<string, string>>): Buffer {
  let block = "";
  for (const name in fields) block += `\0${written(name)}${written(fields[name] as string)}`;
  return Buffer.from(block, "latin1");
}

/** Length and text, one character for each octet. */
function written(text: string): string {
  if (text.length < 0x7f) return String.fromCharCode(text.length) + text;
  let length = "\x7f";
  let rest = text.length - 0x7f;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) length += String.fromCharCode((rest % 128) | 0x80);
  return length + String.fromCharCode(rest) + text;
}
