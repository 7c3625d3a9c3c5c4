/** What calls use of HTTP/2. node's own is in node-http2.ts; ../http2 has another for short calls, which starts faster. */
import type { Socket } from "node:net";
import type { Address } from "./address.js";

export interface Http2<Stream extends CallStream> {
  /** Loads what it takes; called while the other side has something to do. */
  load(): void;
  /** Takes over a socket that is connected. */
  begin(socket: Socket, address: Address): Http2Session<Stream>;
}

export interface Http2Session<Stream extends CallStream> {
  /** No more requests are taken. */
  readonly closed: boolean;
  readonly destroyed: boolean;
  on(event: "error", heed: (error: Error) => void): unknown;
  on(event: "goaway" | "close", heed: () => void): unknown;
  once(event: "error", heed: (error: Error) => void): unknown;
  once(event: "remoteSettings" | "close", heed: () => void): unknown;
  /**
   * Sends these headers, those with a colon first, and the scheme and the authority of the session's address.
   * @throws Error when it has ended
   */
  request(headers: Readonly<Record<string, string>>): Stream;
  /** Sends a SETTINGS frame that changes nothing; the other side must acknowledge it. */
  settings(settings: Readonly<Record<string, never>>, answered: (error: Error | null) => void): void;
  ref(): void;
  unref(): void;
  destroy(): void;
}

export interface AnswerHeaders {
  readonly [name: string]: string | string[] | number | undefined;
}

export interface CallStream {
  readonly rstCode: number | undefined;
  readonly closed: boolean;
  readonly writableEnded: boolean;
  on(event: "response", heed: (headers: AnswerHeaders, flags: number) => void): unknown;
  on(event: "trailers", heed: (trailers: AnswerHeaders) => void): unknown;
  on(event: "data", heed: (chunk: Buffer) => void): unknown;
  on(event: "error", heed: (error: Error) => void): unknown;
  once(event: "end" | "close", heed: () => void): unknown;
  end(body?: Uint8Array): unknown;
  /** Resets it with this error code. */
  close(code: number): void;
  destroy(): unknown;
}
