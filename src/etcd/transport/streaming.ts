/** Calls with many answers, and calls where both sides go on talking. */
import type { ClientHttp2Stream } from "node:http2";
import { EtcdError } from "../cluster.js";
import { Call, type CallOptions } from "./call.js";
import type { Connection } from "./connection.js";
import { frame, Unframer } from "./frame.js";
import { decode, type Method } from "./method.js";
import { grpcStatus } from "./status.js";

/**
 * One request, many answers. The server is held back while the reader does not ask for more; leaving the loop early
 * cancels the call.
 * @throws EtcdError, also in the middle.
 */
export async function* serverStream<Request, Response>(
  connection: Connection,
  method: Method<Request, Response>,
  request: Request,
  options: CallOptions,
): AsyncGenerator<Response, void, undefined> {
  const call = new BidiCall(connection, method, options);
  await call.send(request);
  await call.end();
  yield* call.responses();
}

/** Both sides send when they like. */
export class BidiCall<Request, Response> {
  readonly #call: Call<ClientHttp2Stream>;
  readonly #method: Method<Request, Response>;
  readonly #limit: number;
  readonly #stream: Promise<ClientHttp2Stream>;

  constructor(connection: Connection, method: Method<Request, Response>, options: CallOptions) {
    this.#call = new Call(connection, method.path, options);
    this.#method = method;
    this.#limit = connection.maxMessageBytes;
    this.#stream = this.#call.open();
    // Whoever sends or reads hears of it.
    this.#stream.catch(() => undefined);
  }

  /** Resolves when the message is on its way and more may be sent. @throws EtcdError. */
  async send(message: Request): Promise<void> {
    const stream = await this.#stream;
    if (this.#call.over || stream.destroyed || stream.writableEnded) throw this.#ended();
    if (stream.write(frame(this.#method.request.encode(message).finish()))) return;
    await new Promise<void>((resolve) => {
      stream.once("drain", resolve);
      stream.once("close", resolve);
    });
  }

  /** This side has nothing more to say. */
  async end(): Promise<void> {
    (await this.#stream).end();
  }

  /** Tells the server to stop; responses() ends with status CANCELLED. */
  cancel(): void {
    this.#call.fail(new EtcdError("status", "the call was cancelled", grpcStatus.CANCELLED));
  }

  /** To be read once. @throws EtcdError when the call does not end with status OK. */
  async *responses(): AsyncGenerator<Response, void, undefined> {
    const stream = await this.#stream;
    const unframer = new Unframer(this.#limit);
    let over = false;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        this.#call.heard();
        for (const message of unframer.push(chunk)) yield decode(this.#method.response, message);
      }
      over = true;
    } catch (error) {
      over = true;
      // The stream's own error says less than the outcome; what this side threw is the outcome.
      if (error instanceof EtcdError) this.#call.fail(error);
    } finally {
      if (!over) this.cancel();
    }
    const failure = this.#call.outcome;
    if (failure !== undefined) throw failure;
    if (!unframer.empty) throw new EtcdError("status", "the last message was cut off", grpcStatus.INTERNAL);
  }

  #ended(): EtcdError {
    return this.#call.outcome ?? new EtcdError("status", "the call is over", grpcStatus.CANCELLED, undefined, false);
  }
}
