/** One HTTP/2 session to one endpoint: it is opened, carries calls, notices when the other side is dead, and ends. */
import { milliseconds as now } from "../../monotonic.js";
import { EtcdError } from "../cluster.js";
import type { Address } from "./address.js";
import { lostConnection, unheardConnection } from "./failure.js";
import type { CallStream, Http2Session } from "./http2.js";

/** Milliseconds. */
export interface Patience {
  /** From the first SYN to the server's first HTTP/2 frame. */
  readonly connect: number;
  /** Silence after which a sign of life is asked for. */
  readonly keepalive: number;
  /** For the answer to a keepalive. */
  readonly answer: number;
}

export const defaultPatience: Patience = { connect: 1500, keepalive: 6000, answer: 6000 };

export class Session<Stream extends CallStream> {
  readonly #http2: Http2Session<Stream>;
  readonly #address: Address;
  readonly #patience: Patience;
  #usable = true;
  #unheard: boolean;
  #open = 0;
  #heardAt = now();
  #keepalive: NodeJS.Timeout | undefined;
  #probe: Promise<void> | undefined;
  #failure: EtcdError | undefined;

  /** @param early the server has not said anything yet */
  constructor(http2: Http2Session<Stream>, address: Address, patience: Patience, early: boolean) {
    this.#unheard = early;
    if (early) http2.once("remoteSettings", () => (this.#unheard = false));
    this.#http2 = http2;
    this.#address = address;
    this.#patience = patience;
    http2.on("error", (error) => this.#lose(error));
    http2.on("goaway", () => (this.#usable = false));
    http2.on("close", () => this.#lose(undefined));
    // An idle session does not keep the process alive.
    http2.unref();
  }

  /** Whether later calls may be put on it. */
  get usable(): boolean {
    return this.#usable && !this.#http2.closed && !this.#http2.destroyed;
  }

  /**
   * Why it broke; undefined while it has not. Its streams hear of it before the session does, so they tell what they
   * know.
   */
  lost(streamError: Error | undefined): EtcdError | undefined {
    if (this.#http2.destroyed) this.#failure ??= this.#failureOf(streamError);
    return this.#failure;
  }

  /** Monotonic milliseconds when the server last gave a sign of life. */
  get heardAt(): number {
    return this.#heardAt;
  }

  heard(): void {
    this.#heardAt = now();
  }

  /** True when so much time has gone by in silence that the server may have vanished without a word. */
  get stale(): boolean {
    return now() - this.#heardAt > this.#patience.keepalive;
  }

  request(headers: Readonly<Record<string, string>>): Stream {
    const stream = this.#http2.request(headers);
    this.#open += 1;
    if (this.#open === 1) {
      this.#http2.ref();
      this.#keepalive = setInterval(() => this.#keepAlive(), this.#patience.keepalive);
    }
    stream.once("close", () => {
      this.#open -= 1;
      if (this.#open > 0) return;
      clearInterval(this.#keepalive);
      this.#http2.unref();
    });
    return stream;
  }

  #keepAlive(): void {
    if (this.stale) void this.probe(this.#patience.answer);
  }

  /**
   * Asks for a sign of life and ends the session when none comes. Probes in flight are shared. Resolves in either case;
   * see `usable` afterwards. The question is an empty SETTINGS frame, which must be acknowledged at once (RFC 9113,
   * 6.5.3): PINGs are rationed by gRPC servers, which end connections that send "too many", the more so without calls.
   */
  probe(milliseconds = this.#patience.connect): Promise<void> {
    this.#probe ??= new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#lose(new Error(`no sign of life within ${milliseconds} ms`));
        resolve();
      }, milliseconds);
      const answered = (error: Error | null): void => {
        clearTimeout(timer);
        if (error === null) this.heard();
        resolve();
      };
      try {
        this.#http2.settings({}, answered);
      } catch (error) {
        this.#lose(error);
        answered(new Error("not sent"));
      }
    }).finally(() => (this.#probe = undefined));
    return this.#probe;
  }

  #lose(error: unknown): void {
    this.#usable = false;
    clearInterval(this.#keepalive);
    this.#failure ??= this.#failureOf(error);
    if (!this.#http2.destroyed) this.#http2.destroy();
  }

  /** Such as a client's certificate that the server does not take: with TLS 1.3 it says so after the handshake. */
  #failureOf(error: unknown): EtcdError {
    return this.#unheard ? unheardConnection(this.#address.url, error) : lostConnection(this.#address.url, error);
  }

  /** Ends it at once; open calls fail. */
  close(): void {
    this.#lose(new Error("closed by this side"));
  }
}
