/** One call on a connection of this HTTP/2: a request that is said at once, and an answer that comes in parts. */
import { EventEmitter } from "node:events";
import type { AnswerHeaders, CallStream } from "../transport/http2.js";
import { errorCode } from "./frames.js";
import type { Field } from "./static-table.js";

/** What a stream asks of its connection. */
export interface Wire {
  /** The body is there, or more of it may be sent. */
  advance(): void;
  /** It is over; with a code: this side ends it. */
  leave(stream: ShortStream, code: number | undefined): void;
}

export class ShortStream extends EventEmitter implements CallStream {
  /** 0 until its headers have been sent. */
  id = 0;
  rstCode: number | undefined;
  closed = false;
  writableEnded = false;
  /** What the peer has not allowed us to send yet. */
  unsent: Uint8Array | undefined;
  allSent = false;
  /** Bytes that the peer takes from us on this stream. */
  window = 0;
  /** Bytes of the answer that the peer has not been given back as window. */
  unreported = 0;
  #answered = false;
  readonly #wire: Wire;

  /** @param block its headers, compressed */
  constructor(
    wire: Wire,
    readonly block: Buffer,
  ) {
    super();
    this.#wire = wire;
  }

  end(body: Uint8Array = new Uint8Array(0)): void {
    if (this.writableEnded || this.closed) return;
    this.writableEnded = true;
    this.unsent = body;
    this.#wire.advance();
  }

  close(code: number): void {
    if (this.closed) return;
    this.rstCode = code;
    this.over(undefined);
    this.#wire.leave(this, code);
  }

  destroy(): void {
    this.close(errorCode.cancel);
  }

  /** No more comes. Heard of later, so that whoever causes it is done with what he does. */
  over(error: Error | undefined): void {
    if (this.closed) return;
    this.closed = true;
    process.nextTick(() => {
      if (error !== undefined) this.emit("error", error);
      this.emit("close");
    });
  }

  /** @param flags of the frame @param last whether nothing follows. @returns false when this is no answer (RFC 9113, 8.1.1) */
  hear(fields: readonly Field[], flags: number, last: boolean): boolean {
    const headers = asHeaders(fields);
    if (headers === undefined) return false;
    const status = headers[":status"];
    if (this.#answered) {
      if (!last || status !== undefined) return false;
      this.emit("trailers", headers);
      return true;
    }
    if (typeof status !== "number" || !(status >= 100)) return false;
    // 100 to 199: the answer itself is still to come.
    if (status < 200) return !last;
    this.#answered = true;
    this.emit("response", headers, flags);
    return true;
  }

  /** @returns false when it comes before the headers */
  receive(chunk: Buffer): boolean {
    if (this.#answered && chunk.length > 0) this.emit("data", chunk);
    return this.#answered;
  }

  /** The peer has said everything. */
  finish(): void {
    if (this.closed) return;
    // What the request still has to say, if anything, nobody waits for.
    this.#wire.leave(this, this.allSent ? undefined : errorCode.cancel);
    this.rstCode = errorCode.noError;
    this.writableEnded = true;
    this.closed = true;
    this.emit("end");
    this.emit("close");
  }
}

/** @returns undefined for names that HTTP/2 does not have */
function asHeaders(fields: readonly Field[]): AnswerHeaders | undefined {
  const headers: Record<string, string | number> = Object.create(null) as Record<string, string | number>;
  for (const [name, value] of fields) {
    if (name === "" || name !== name.toLowerCase()) return undefined;
    const before = headers[name];
    headers[name] = name === ":status" ? Number(value) : before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}
