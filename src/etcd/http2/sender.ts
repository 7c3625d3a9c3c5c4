/** What this side says on a connection: at once where the peer allows it, and otherwise as soon as it does. */
import type { Socket } from "node:net";
import { errorCode, flag, frameOf, frameType, Http2Error, maxPayloadBytes, preface } from "./frames.js";
import { settingsFrame, type PeerSettings } from "./settings.js";
import type { ShortStream } from "./stream.js";

export const largestWindow = 0x7fff_ffff;
/** Answers to PINGs and SETTINGS of a peer that does not read them: more than this is not kept for it. */
const largestBacklog = 1 << 20;

export class Sender {
  readonly #socket: Socket;
  readonly #fail: (error: Error) => void;
  /** Streams that the peer knows of and that are not over. */
  readonly open = new Map<number, ShortStream>();
  /** Streams with something to send, oldest first. */
  readonly waiting = new Set<ShortStream>();
  peer: PeerSettings = { maxStreams: Infinity, window: 65_535 };
  /** Bytes that the peer takes on all streams together. */
  window = 65_535;
  nextId = 1;
  #outgoing: Buffer[] = [];

  /** @param fail is told when the peer does not read */
  constructor(socket: Socket, fail: (error: Error) => void) {
    this.#socket = socket;
    this.#fail = fail;
    this.write(Buffer.from(preface, "latin1"));
    this.write(settingsFrame());
  }

  /** Everything that is said at once goes in one piece. */
  write(bytes: Buffer): void {
    if (this.#outgoing.push(bytes) === 1) process.nextTick(() => this.flush());
  }

  flush(): void {
    if (this.#outgoing.length === 0 || this.#socket.destroyed) return;
    this.#socket.write(this.#outgoing.length === 1 ? (this.#outgoing[0] as Buffer) : Buffer.concat(this.#outgoing));
    this.#outgoing = [];
    if (this.#socket.writableLength > largestBacklog)
      this.#fail(new Http2Error(errorCode.enhanceYourCalm, "the server does not read what it is told"));
  }

  /** Sends what the peer allows. */
  advance(): void {
    for (const stream of this.waiting) {
      if (stream.id === 0) {
        if (this.open.size >= this.peer.maxStreams) return;
        this.#start(stream);
      }
      this.#sendBody(stream);
    }
  }

  apply(settings: PeerSettings): void {
    const change = settings.window - this.peer.window;
    this.peer = settings;
    for (const stream of this.open.values()) stream.window += change;
  }

  #start(stream: ShortStream): void {
    stream.id = this.nextId;
    this.nextId += 2;
    stream.window = this.peer.window;
    this.open.set(stream.id, stream);
    let rest = stream.block;
    for (let type: number = frameType.headers; ; type = frameType.continuation) {
      const last = rest.length <= maxPayloadBytes;
      this.write(frameOf(type, last ? flag.endHeaders : 0, stream.id, rest.subarray(0, maxPayloadBytes)));
      if (last) return;
      rest = rest.subarray(maxPayloadBytes);
    }
  }

  #sendBody(stream: ShortStream): void {
    while (stream.unsent !== undefined) {
      const { unsent } = stream;
      const size = Math.min(unsent.length, this.window, stream.window, maxPayloadBytes);
      if (size <= 0 && unsent.length > 0) return;
      stream.allSent = size === unsent.length;
      stream.unsent = stream.allSent ? undefined : unsent.subarray(size);
      stream.window -= size;
      this.window -= size;
      this.write(frameOf(frameType.data, stream.allSent ? flag.endStream : 0, stream.id, unsent.subarray(0, size)));
    }
    if (stream.allSent) this.waiting.delete(stream);
  }
}
