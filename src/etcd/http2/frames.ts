/** Frames of HTTP/2 (RFC 9113, 4 and 6): nine bytes that say what follows, and the payload. */

export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const flag = { ack: 1, endStream: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

/** Error codes (RFC 9113, 7). */
export const errorCode = {
  noError: 0,
  protocol: 1,
  flowControl: 3,
  frameSize: 6,
  refusedStream: 7,
  cancel: 8,
  compression: 9,
  enhanceYourCalm: 11,
} as const;

/** What a client says first (RFC 9113, 3.4); a SETTINGS frame follows. */
export const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

export const maxPayloadBytes = 16_384;
const headBytes = 9;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** The peer broke the rules; the connection cannot go on. */
export class Http2Error extends Error {
  readonly code = "ERR_HTTP2_ERROR";
  /** As it is told to the peer. */
  readonly http2Code: number;

  constructor(http2Code: number, message: string) {
    super(message);
    this.name = "Http2Error";
    this.http2Code = http2Code;
  }
}

export function frameOf(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, headBytes);
  return bytes;
}

/** Payload of four bytes, as RST_STREAM and WINDOW_UPDATE have it. */
export function numberFrame(type: number, stream: number, value: number): Buffer {
  const payload = Buffer.allocUnsafe(4);
  payload.writeUInt32BE(value);
  return frameOf(type, 0, stream, payload);
}

/** Cuts arriving chunks into frames; holds less than one frame. */
export class FrameReader {
  #held: Buffer = Buffer.alloc(0);

  /** @throws Http2Error, in the words of node, at a frame that is longer than this side allows, or is none */
  *push(chunk: Buffer): Generator<Frame, void, undefined> {
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (bytes.length >= headBytes) {
      const length = bytes.readUIntBE(0, 3);
      if (length > maxPayloadBytes) throw new Http2Error(errorCode.frameSize, "Protocol error");
      if (bytes.length < headBytes + length) break;
      const [type = 0, flags = 0] = [bytes[3], bytes[4]];
      const stream = bytes.readUInt32BE(5) & 0x7fff_ffff;
      yield { type, flags, stream, payload: bytes.subarray(headBytes, headBytes + length) };
      bytes = bytes.subarray(headBytes + length);
    }
    this.#held = bytes;
  }
}

/** What is between the padding and the priority that a frame may have (RFC 9113, 6.1 and 6.2). @throws Http2Error */
export function contentOf({ type, flags, payload }: Frame): Buffer {
  let begin = 0;
  let end = payload.length;
  if ((flags & flag.padded) !== 0) {
    begin = 1;
    end -= payload[0] ?? 0;
  }
  if (type === frameType.headers && (flags & flag.priority) !== 0) begin += 5;
  if (begin > end) throw new Http2Error(errorCode.protocol, "the server sent a frame that is all padding");
  return payload.subarray(begin, end);
}
