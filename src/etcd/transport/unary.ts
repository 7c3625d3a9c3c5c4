/** One request, one answer. */
import { EtcdError } from "../cluster.js";
import { Call, type CallOptions } from "./call.js";
import type { Connection } from "./connection.js";
import type { CallStream } from "./http2.js";
import { frame, Unframer } from "./frame.js";
import { decode, type Method } from "./method.js";
import { grpcStatus } from "./status.js";

/** @throws EtcdError. Never retries. */
export async function unary<Request, Response>(
  connection: Connection<CallStream>,
  method: Method<Request, Response>,
  request: Request,
  options: CallOptions,
): Promise<Response> {
  const answer = await unaryBytes(connection, method.path, method.request.encode(request).finish(), options);
  return decode(method.response, answer);
}

/** The same in encoded messages. */
export async function unaryBytes(
  connection: Connection<CallStream>,
  path: string,
  request: Uint8Array,
  options: CallOptions,
): Promise<Uint8Array> {
  const call = new Call(connection, path, options);
  const stream = await call.open();
  const unframer = new Unframer(connection.maxMessageBytes);
  const messages: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    const done = (): void => {
      const failure = call.outcome;
      const [message] = messages;
      if (failure !== undefined) reject(failure);
      else if (message === undefined || messages.length > 1 || !unframer.empty) {
        reject(
          new EtcdError("status", `the server sent ${messages.length} messages instead of one`, grpcStatus.INTERNAL),
        );
      } else resolve(message);
    };
    stream.on("data", (chunk: Buffer) => {
      call.heard();
      try {
        messages.push(...unframer.push(chunk));
      } catch (error) {
        call.fail(error as EtcdError);
      }
    });
    stream.once("end", done);
    stream.once("close", done);
    stream.end(frame(request));
  });
}
