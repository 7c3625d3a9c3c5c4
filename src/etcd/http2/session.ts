/**
 * A connection of HTTP/2 (RFC 9113) for short calls: small requests that are said at once, answers of some kilobytes.
 * It has what node:http2 has of this, and takes a fraction of the time to load.
 */
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { Address } from "../transport/address.js";
import type { Http2, Http2Session } from "../transport/http2.js";
import { contentOf, errorCode, flag, frameOf, FrameReader, frameType, Http2Error, numberFrame } from "./frames.js";
import type { Frame } from "./frames.js";
import { FieldReader, writeFields } from "./header-fields.js";
import { largestWindow, Sender } from "./sender.js";
import { readSettings } from "./settings.js";
import { ShortStream, type Wire } from "./stream.js";

/** The peer is given back its window after so many bytes; it may always have 65,535 under way. */
const reportAfter = 16_384;
/** Bytes and frames of the longest header block that is taken. */
const largestBlock = 65_536;
const mostParts = 64;

export const shortHttp2: Http2<ShortStream> = {
  load: () => undefined,
  begin: (socket, address) => new ShortSession(socket, address),
};

export class ShortSession extends EventEmitter implements Http2Session<ShortStream>, Wire {
  closed = false;
  destroyed = false;
  readonly #socket: Socket;
  readonly #address: Address;
  readonly #frames = new FrameReader();
  readonly #fields = new FieldReader();
  readonly #sender: Sender;
  readonly #unacknowledged: ((error: Error | null) => void)[] = [];
  #heardSettings = false;
  #unreported = 0;
  /** A header block of which the rest is still to come (RFC 9113, 6.10). */
  #partial: { readonly frame: Frame; readonly parts: Buffer[]; bytes: number } | undefined;

  constructor(socket: Socket, address: Address) {
    super();
    this.#socket = socket;
    this.#address = address;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
    this.#sender = new Sender(socket, (error) => this.destroy(error));
    this.#unacknowledged.push(() => undefined);
  }

  request(headers: Readonly<Record<string, string>>): ShortStream {
    if (this.closed || this.destroyed) throw new Error("The session has been destroyed");
    const [scheme = "", authority = ""] = this.#address.origin.split("://");
    const stream = new ShortStream(this, writeFields({ ":scheme": scheme, ":authority": authority, ...headers }));
    this.#sender.waiting.add(stream);
    this.advance();
    return stream;
  }

  settings(_none: Readonly<Record<string, never>>, answered: (error: Error | null) => void): void {
    if (this.destroyed) throw new Error("The session has been destroyed");
    this.#unacknowledged.push(answered);
    this.#sender.write(frameOf(frameType.settings, 0, 0, Buffer.alloc(0)));
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  destroy(error?: Error): void {
    if (this.destroyed) return;
    this.destroyed = this.closed = true;
    if (error instanceof Http2Error) {
      const told = Buffer.alloc(8);
      told.writeUInt32BE(error.http2Code, 4);
      this.#sender.write(frameOf(frameType.goaway, 0, 0, told));
      this.#sender.flush();
    }
    this.#socket.destroy();
    const { open, waiting } = this.#sender;
    for (const stream of [...open.values(), ...waiting]) stream.over(error);
    open.clear();
    waiting.clear();
    process.nextTick(() => {
      if (error !== undefined) this.emit("error", error);
      this.emit("close");
    });
  }

  advance(): void {
    if (this.destroyed) return;
    this.#sender.advance();
    // Numbers end some day; a new connection begins anew.
    if (this.#sender.nextId > largestWindow) this.closed = true;
  }

  leave(stream: ShortStream, code: number | undefined): void {
    const { open, waiting } = this.#sender;
    waiting.delete(stream);
    if (stream.id === 0 || !open.delete(stream.id)) return;
    if (code !== undefined) this.#sender.write(numberFrame(frameType.rstStream, stream.id, code));
    if (this.closed && open.size === 0 && waiting.size === 0) process.nextTick(() => this.destroy());
    else this.advance();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#frames.push(chunk)) {
        if (this.destroyed) return;
        this.#take(frame);
      }
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #take(frame: Frame): void {
    const { type, flags, stream, payload } = frame;
    if (!this.#heardSettings && (type !== frameType.settings || (flags & flag.ack) !== 0))
      throw broken("no settings at first");
    if (this.#partial !== undefined && (type !== frameType.continuation || stream !== this.#partial.frame.stream))
      throw broken("something else amid its headers");
    switch (type) {
      case frameType.data:
        return this.#takeData(frame);
      case frameType.headers:
        this.#partial = { frame, parts: [], bytes: 0 };
        return this.#takeBlock(contentOf(frame), flags);
      case frameType.continuation:
        return this.#takeBlock(payload, flags);
      case frameType.rstStream: {
        const code = numberIn(frame);
        const reset = this.#streamOf(stream);
        if (reset === undefined) return;
        reset.rstCode = code;
        reset.over(undefined);
        return this.leave(reset, undefined);
      }
      case frameType.settings:
        return this.#takeSettings(frame);
      case frameType.pushPromise:
        throw broken("what nobody asked for");
      case frameType.ping:
        if (payload.length !== 8) throw new Http2Error(errorCode.frameSize, "the server sent a PING of a wrong size");
        if ((flags & flag.ack) === 0) this.#sender.write(frameOf(frameType.ping, flag.ack, 0, payload));
        return;
      case frameType.goaway:
        return this.#takeGoaway(payload);
      case frameType.windowUpdate:
        return this.#takeWindow(frame);
      default: // PRIORITY, and what was invented later (RFC 9113, 5.5).
    }
  }

  #takeSettings({ flags, payload }: Frame): void {
    if ((flags & flag.ack) !== 0) {
      this.#unacknowledged.shift()?.(null);
      return;
    }
    this.#sender.apply(readSettings(payload, this.#sender.peer));
    this.#sender.write(frameOf(frameType.settings, flag.ack, 0, Buffer.alloc(0)));
    this.#heardSettings = true;
    this.emit("remoteSettings");
    this.advance();
  }

  #takeWindow(frame: Frame): void {
    const increment = numberIn(frame) & largestWindow;
    const stream = frame.stream === 0 ? undefined : this.#streamOf(frame.stream);
    if (frame.stream !== 0 && stream === undefined) return;
    const window = (stream?.window ?? this.#sender.window) + increment;
    if (increment === 0 || window > largestWindow)
      throw new Http2Error(errorCode.flowControl, "the server sent a senseless window");
    if (stream === undefined) this.#sender.window = window;
    else stream.window = window;
    this.advance();
  }

  #takeGoaway(payload: Buffer): void {
    if (payload.length < 8) throw new Http2Error(errorCode.frameSize, "the server sent a GOAWAY of a wrong size");
    const last = payload.readUInt32BE(0) & largestWindow;
    const code = payload.readUInt32BE(4);
    this.closed = true;
    this.emit("goaway");
    // In the words of node.
    if (code !== errorCode.noError)
      return this.destroy(new Http2Error(errorCode.noError, `Session closed with error code ${code}`));
    const { open, waiting } = this.#sender;
    for (const stream of [...open.values(), ...waiting]) {
      if (stream.id !== 0 && stream.id <= last) continue;
      stream.rstCode = errorCode.refusedStream;
      stream.over(undefined);
      this.leave(stream, undefined);
    }
    if (open.size === 0) process.nextTick(() => this.destroy());
  }

  #takeData(frame: Frame): void {
    const stream = this.#streamOf(frame.stream);
    const content = contentOf(frame);
    this.#unreported += frame.payload.length;
    if (this.#unreported >= reportAfter) {
      this.#sender.write(numberFrame(frameType.windowUpdate, 0, this.#unreported));
      this.#unreported = 0;
    }
    if (stream === undefined) return;
    if (!stream.receive(content)) return stream.close(errorCode.protocol);
    if ((frame.flags & flag.endStream) !== 0) return stream.finish();
    stream.unreported += frame.payload.length;
    if (stream.closed || stream.unreported < reportAfter) return;
    this.#sender.write(numberFrame(frameType.windowUpdate, stream.id, stream.unreported));
    stream.unreported = 0;
  }

  #takeBlock(part: Buffer, flags: number): void {
    const partial = this.#partial;
    if (partial === undefined) throw broken("the end of headers that did not begin");
    partial.parts.push(part);
    partial.bytes += part.length;
    if (partial.bytes > largestBlock || partial.parts.length > mostParts)
      throw broken("more headers than are accepted");
    if ((flags & flag.endHeaders) === 0) return;
    this.#partial = undefined;
    const stream = this.#streamOf(partial.frame.stream);
    // Read in any case: later blocks build on it.
    const fields = this.#fields.read(Buffer.concat(partial.parts));
    if (stream === undefined) return;
    const last = (partial.frame.flags & flag.endStream) !== 0;
    if (!stream.hear(fields, partial.frame.flags, last)) return stream.close(errorCode.protocol);
    if (last) stream.finish();
  }

  /** @returns undefined for one that is over. @throws Http2Error for one that never was */
  #streamOf(id: number): ShortStream | undefined {
    if (id % 2 === 0 || id >= this.#sender.nextId) throw broken("an answer to what nobody asked");
    return this.#sender.open.get(id);
  }
}

function numberIn({ payload }: Frame): number {
  if (payload.length !== 4) throw new Http2Error(errorCode.frameSize, "the server sent a frame of a wrong size");
  return payload.readUInt32BE(0);
}

const broken = (what: string): Http2Error => new Http2Error(errorCode.protocol, `the server sent ${what}`);
