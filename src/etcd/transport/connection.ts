/** All calls to one endpoint share one session; a new one is opened when a call needs it. */
import type { ClientHttp2Stream } from "node:http2";
import { milliseconds as now } from "../../monotonic.js";
import { EtcdError } from "../cluster.js";
import { parseAddress, type Address } from "./address.js";
import type { Through, TlsMaterial } from "./dial.js";
import { deadlineError } from "./failure.js";
import type { CallStream, Http2 } from "./http2.js";
import { openSession } from "./open-session.js";
import { defaultPatience, type Patience, type Session } from "./session.js";

export interface ConnectionOptions {
  /** Asked at each new session, so that renewed certificates are used from then on; undefined: the system's CAs. */
  readonly tls: () => Promise<TlsMaterial | undefined>;
  /** For endpoints that the network does not lead to. */
  readonly through?: Through | undefined;
  readonly patience?: Partial<Patience>;
  /**
   * Requests leave with the first bytes, before the server has said anything (RFC 9113, 3.4). That saves a round trip;
   * where it fails, nobody knows whether they were heard.
   */
  readonly early?: boolean;
  /** Largest message in bytes that is accepted from the server; 256 MiB unless told. */
  readonly maxMessageBytes?: number;
}

export class Connection<Stream extends CallStream = ClientHttp2Stream> {
  readonly address: Address;
  readonly maxMessageBytes: number;
  readonly #tls: ConnectionOptions["tls"];
  readonly #through: Through | undefined;
  readonly #patience: Patience;
  readonly #http2: Http2<Stream>;
  readonly #early: boolean;
  #session: Session<Stream> | undefined;
  #opening: Promise<Session<Stream>> | undefined;
  #closed = false;

  /** @throws TypeError when url is not an http or https URL. */
  constructor(url: string, options: ConnectionOptions, http2: Http2<Stream>) {
    this.address = parseAddress(url);
    this.maxMessageBytes = options.maxMessageBytes ?? 256 << 20;
    this.#tls = options.tls;
    this.#through = options.through;
    this.#http2 = http2;
    this.#early = options.early ?? false;
    this.#patience = { ...defaultPatience, ...options.patience };
  }

  /** A session that is believed to be alive. @throws EtcdError with `sent` false. */
  async session(): Promise<Session<Stream>> {
    if (this.#session?.stale === true && this.#session.usable) await this.#session.probe();
    if (this.#session?.usable === true) return this.#session;
    if (this.#closed) throw this.#closedError();
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** The session to put a call on right now, without waiting; undefined when session() has to be awaited. */
  get ready(): Session<Stream> | undefined {
    return this.#session?.usable === true && !this.#session.stale ? this.#session : undefined;
  }

  /** Begins to connect, if need be; the call that follows hears how it went. */
  warm(): void {
    if (this.ready === undefined) this.session().catch(() => undefined);
  }

  /**
   * Waits for a session, at most so many milliseconds.
   * @returns how many of them are left for a call, at least one
   * @throws EtcdError with `sent` false.
   */
  async established(deadline: number): Promise<number> {
    if (this.ready !== undefined) return deadline;
    const begin = now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(deadlineError(this.address, deadline, false)), deadline);
    });
    try {
      await Promise.race([this.session(), late]);
    } finally {
      clearTimeout(timer);
    }
    return Math.max(1, deadline - (now() - begin));
  }

  async #open(): Promise<Session<Stream>> {
    const material = this.address.secure ? await this.#material() : undefined;
    const session = await openSession({
      ...{ address: this.address, material, patience: this.#patience, http2: this.#http2, early: this.#early },
      path: await this.#path(),
    });
    if (this.#closed) {
      session.close();
      throw this.#closedError();
    }
    this.#session = session;
    return session;
  }

  async #path(): Promise<string | undefined> {
    try {
      return await this.#through?.(this.address);
    } catch (error) {
      const message = `${this.address.url}: ${(error as Error).message}`;
      throw new EtcdError("unreachable", message, undefined, error, false);
    }
  }

  async #material(): Promise<TlsMaterial | undefined> {
    try {
      return await this.#tls();
    } catch (error) {
      throw new EtcdError(
        "tls",
        `${this.address.url}: no certificates: ${(error as Error).message}`,
        undefined,
        error,
        false,
      );
    }
  }

  #closedError(): EtcdError {
    return new EtcdError("unreachable", `${this.address.url}: this client was closed`, undefined, undefined, false);
  }

  /** Fails the open calls and every later one. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#session?.close();
    await this.#opening?.catch(() => undefined);
  }
}
