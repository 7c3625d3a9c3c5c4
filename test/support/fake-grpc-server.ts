/** An HTTP/2 server in this process whose answers are made by the test, frame by frame. */
import {
  createServer,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";

export type Handler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

export interface FakeGrpcServer {
  readonly port: number;
  readonly url: string;
  /** Open sessions, oldest first. */
  readonly sessions: readonly ServerHttp2Session[];
  /** Headers of every request so far. */
  readonly requests: readonly IncomingHttpHeaders[];
  handler: Handler;
  close(): Promise<void>;
}

export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** A message with its five-byte prefix. */
export function framed(text: string): Buffer {
  const message = Buffer.from(text);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A whole answer: these messages, then trailers with this status. */
export function answer(stream: ServerHttp2Stream, messages: readonly string[], status = 0, message = ""): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(status), "grpc-message": message }));
  for (const text of messages) stream.write(framed(text));
  stream.end();
}

export async function fakeGrpcServer(handler: Handler, tls?: ServerTls): Promise<FakeGrpcServer> {
  const sessions: ServerHttp2Session[] = [];
  const requests: IncomingHttpHeaders[] = [];
  const mutual = tls?.ca === undefined ? {} : { requestCert: true, rejectUnauthorized: true };
  const server = tls === undefined ? createServer() : createSecureServer({ ...tls, ...mutual });
  const fake = { handler };
  server.on("session", (session: ServerHttp2Session) => {
    sessions.push(session);
    session.on("error", () => undefined);
    session.once("close", () => sessions.splice(sessions.indexOf(session), 1));
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    requests.push(headers);
    stream.on("error", () => undefined);
    fake.handler(stream, headers);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return Object.assign(fake, {
    port: address.port,
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${address.port}`,
    sessions,
    requests,
    async close() {
      for (const session of sessions.slice()) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
