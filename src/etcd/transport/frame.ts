/**
 * gRPC messages on an HTTP/2 stream: one byte that says whether the message is compressed, four bytes of length, the
 * message. Source: grpc/doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message.
 */
import { EtcdError } from "../cluster.js";
import { grpcStatus } from "./status.js";

const prefixBytes = 5;

/** A message with its prefix, uncompressed. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(prefixBytes + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, prefixBytes);
  return framed;
}

/** Cuts arriving chunks into messages. Chunks are kept as they came and joined once, when a message is whole. */
export class Unframer {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #held = 0;
  #needed = prefixBytes;

  /** @param limit largest message in bytes that is accepted. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True when nothing of a message has been left over. */
  get empty(): boolean {
    return this.#held === 0;
  }

  /** @throws EtcdError with status RESOURCE_EXHAUSTED or INTERNAL. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const messages: Buffer[] = [];
    while (this.#held >= this.#needed) {
      const joined = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
      this.#needed = prefixBytes + this.#lengthOf(joined);
      if (joined.length < this.#needed) {
        this.#chunks = [joined];
        break;
      }
      messages.push(joined.subarray(prefixBytes, this.#needed));
      const rest = joined.subarray(this.#needed);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#held = rest.length;
      this.#needed = prefixBytes;
    }
    return messages;
  }

  #lengthOf(prefixed: Buffer): number {
    if (prefixed[0] !== 0) {
      throw new EtcdError("status", "the server sent a compressed message", grpcStatus.INTERNAL);
    }
    const length = prefixed.readUInt32BE(1);
    if (length > this.#limit) {
      const message = `the server sent a message of ${length} bytes; at most ${this.#limit} are accepted`;
      throw new EtcdError("status", message, grpcStatus.RESOURCE_EXHAUSTED);
    }
    return length;
  }
}
