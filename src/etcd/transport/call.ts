/** What unary and streaming calls have in common: how they start, how they are cut short, and how they ended. */
import { milliseconds as now } from "../../monotonic.js";
import { EtcdError } from "../cluster.js";
import type { Connection } from "./connection.js";
import { deadlineError } from "./failure.js";
import type { AnswerHeaders, CallStream } from "./http2.js";
import type { Session } from "./session.js";
import { grpcStatus, statusIn, statusOfHttp, statusOfReset, timeoutHeader, type Status } from "./status.js";

export interface CallOptions {
  /** Milliseconds from now for the whole call; unary calls should have one. Told to the server and enforced here. */
  readonly deadline?: number | undefined;
  /** Cancels the call: it rejects with status CANCELLED and the signal's reason as cause. */
  readonly signal?: AbortSignal | undefined;
  /** Further request headers, such as etcd's `token`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Error codes and a frame flag of HTTP/2 (RFC 9113). */
const http2Refused = 7;
const http2Cancel = 8;
const endOfStream = 1;

export class Call<Stream extends CallStream> {
  readonly #connection: Connection<Stream>;
  readonly #path: string;
  readonly #options: CallOptions;
  readonly #startedAt = now();
  readonly #timer: NodeJS.Timeout | undefined;
  #requestedAt = 0;
  #session: Session<Stream> | undefined;
  #stream: Stream | undefined;
  #failure: EtcdError | undefined;
  #status: Status | undefined;
  #streamError: Error | undefined;
  #interrupt: ((error: EtcdError) => void) | undefined;

  /** @param path /package.Service/Method. */
  constructor(connection: Connection<Stream>, path: string, options: CallOptions) {
    this.#connection = connection;
    this.#path = path;
    this.#options = options;
    const { deadline, signal } = options;
    if (deadline !== undefined) this.#timer = setTimeout(() => this.#expire(deadline), deadline);
    if (signal?.aborted === true) this.#cancel();
    else signal?.addEventListener("abort", this.#cancel, { once: true });
  }

  /** The stream that carries the call, request headers sent. @throws EtcdError. */
  async open(): Promise<Stream> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      this.#session = this.#connection.ready ?? (await this.#interruptible(this.#connection.session()));
      this.#requestedAt = now();
      this.#stream = this.#session.request(this.#headers());
    } catch (error) {
      this.#release();
      throw error instanceof EtcdError ? error : this.#notSent(error);
    }
    this.#stream.on("response", (headers, flags) => this.#respond(headers, flags));
    this.#stream.on("trailers", (trailers) => this.#settle(statusIn(trailers)));
    // The outcome tells; an unheard 'error' event would end the process.
    this.#stream.on("error", (error) => (this.#streamError = error));
    // When the server has said its last word, nothing is left to be said to it.
    this.#stream.once("end", () => this.#stream?.writableEnded === false && this.#stream.end());
    this.#stream.once("close", () => this.#release());
    return this.#stream;
  }

  /** Whether it is known how the call ended. */
  get over(): boolean {
    return this.#failure !== undefined || this.#status !== undefined;
  }

  /** Why the call failed; undefined when it ended well. Valid once the stream has ended or closed. */
  get outcome(): EtcdError | undefined {
    if (this.#failure !== undefined) return this.#failure;
    if (this.#status !== undefined) return this.#ofStatus(this.#status);
    const lost = this.#session?.lost(this.#streamError);
    if (lost !== undefined) return lost;
    const reset = this.#stream?.rstCode ?? 0;
    if (reset !== 0) {
      const { code, message } = statusOfReset(reset);
      return new EtcdError("status", message, code, undefined, reset !== http2Refused);
    }
    return new EtcdError("status", "the server ended the call without a status", grpcStatus.UNKNOWN);
  }

  /** To be called when a part of the answer has arrived. */
  heard(): void {
    this.#session?.heard();
  }

  /** Cuts the call short with this reason; the server is told. */
  fail(error: EtcdError): void {
    this.#failure ??= error;
    this.#release();
    this.#interrupt?.(error);
    if (this.#stream?.closed === false) this.#stream.close(http2Cancel);
    this.#stream?.destroy();
  }

  #ofStatus({ code, message }: Status): EtcdError | undefined {
    if (code === grpcStatus.OK) return undefined;
    const kind = code === grpcStatus.DEADLINE_EXCEEDED ? "deadline" : "status";
    return new EtcdError(kind, message === "" ? `the server answered with gRPC status ${code}` : message, code);
  }

  #notSent(error: unknown): EtcdError {
    return new EtcdError("unreachable", `${this.#connection.address.url}: ${String(error)}`, undefined, error, false);
  }

  #interruptible(opening: Promise<Session<Stream>>): Promise<Session<Stream>> {
    return new Promise((resolve, reject) => {
      this.#interrupt = reject;
      opening.then(resolve, reject);
    });
  }

  #headers(): Record<string, string> {
    const left = (this.#options.deadline ?? 0) - (now() - this.#startedAt);
    return {
      ":method": "POST",
      ":path": this.#path,
      "content-type": "application/grpc",
      "user-agent": "quorate",
      te: "trailers",
      ...(this.#options.deadline === undefined ? {} : { "grpc-timeout": timeoutHeader(left) }),
      ...this.#options.metadata,
    };
  }

  #respond(headers: AnswerHeaders, flags: number): void {
    this.heard();
    const status = statusIn(headers);
    const http = Number(headers[":status"] ?? 0);
    if (status !== undefined) this.#settle(status);
    else if (http !== 200) this.#reject(statusOfHttp(http));
    else if (!String(headers["content-type"] ?? "").startsWith("application/grpc")) {
      this.#reject({ code: grpcStatus.UNKNOWN, message: "the server does not speak gRPC" });
    } else if ((flags & endOfStream) !== 0) {
      this.#reject({ code: grpcStatus.UNKNOWN, message: "the server sent headers only" });
    }
  }

  /** What follows is no gRPC and must not be read as such. */
  #reject({ code, message }: Status): void {
    this.fail(new EtcdError("status", `${this.#connection.address.url}: ${message}`, code));
  }

  #settle(status: Status | undefined): void {
    this.heard();
    this.#status ??= status;
  }

  #expire(deadline: number): void {
    const sent = this.#stream !== undefined;
    this.fail(deadlineError(this.#connection.address, deadline, sent));
    // Silence since the request left: the server may be dead, so find out before more calls go the same way.
    if (this.#session !== undefined && this.#session.heardAt <= this.#requestedAt) void this.#session.probe();
  }

  readonly #cancel = (): void => {
    const sent = this.#stream !== undefined;
    this.fail(
      new EtcdError("status", "the call was cancelled", grpcStatus.CANCELLED, this.#options.signal?.reason, sent),
    );
  };

  #release(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#cancel);
  }
}
