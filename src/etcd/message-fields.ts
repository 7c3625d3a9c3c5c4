/**
 * Fields of a protobuf message, for the two answers that `health` reads: etcd's generated messages with their reader take
 * longer to load than a member takes to give these answers.
 */
import { EtcdError } from "./cluster.js";
import { grpcStatus } from "./transport/status.js";

export class MessageFields {
  /** By field number, in the order of the message: whole numbers, or bytes. */
  readonly #fields = new Map<number, (bigint | Uint8Array)[]>();

  /** @throws EtcdError with status INTERNAL when the bytes are no message */
  constructor(bytes: Uint8Array) {
    const reader = new Bytes(bytes);
    while (!reader.atEnd) {
      const tag = Number(reader.varint());
      const [field, wireType] = [Math.floor(tag / 8), tag % 8];
      const value = reader.value(wireType);
      const before = this.#fields.get(field);
      if (before === undefined) this.#fields.set(field, [value]);
      else before.push(value);
    }
  }

  /** 64 bits without a sign; 0n when it is not there, as protobuf leaves out zeros. */
  number(field: number): bigint {
    const value = this.#fields.get(field)?.at(-1);
    return typeof value === "bigint" ? value : 0n;
  }

  /** 64 bits with a sign. */
  signed(field: number): bigint {
    return BigInt.asIntN(64, this.number(field));
  }

  text(field: number): string {
    return this.texts(field).at(-1) ?? "";
  }

  texts(field: number): string[] {
    return this.#bytes(field).map((value) =>
      Buffer.from(value.buffer, value.byteOffset, value.length).toString("utf8"),
    );
  }

  /** The message inside; an empty one when it is not there. */
  message(field: number): MessageFields {
    return this.messages(field).at(-1) ?? new MessageFields(new Uint8Array(0));
  }

  messages(field: number): MessageFields[] {
    return this.#bytes(field).map((value) => new MessageFields(value));
  }

  #bytes(field: number): Uint8Array[] {
    return (this.#fields.get(field) ?? []).filter((value) => typeof value !== "bigint");
  }
}

class Bytes {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw broken();
  }

  value(wireType: number): bigint | Uint8Array {
    if (wireType === 0) return this.varint();
    // 1 and 5 have a fixed size; none of what is asked for has such fields, a later etcd's may.
    const size = wireType === 2 ? Number(this.varint()) : wireType === 1 ? 8 : wireType === 5 ? 4 : Number.NaN;
    const end = this.#at + size;
    if (!(end <= this.#bytes.length)) throw broken();
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw broken();
    this.#at += 1;
    return byte;
  }
}

const broken = (): EtcdError =>
  new EtcdError("status", "the server sent a message that cannot be decoded", grpcStatus.INTERNAL);
