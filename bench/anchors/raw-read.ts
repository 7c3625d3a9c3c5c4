/**
 * The cheapest possible linearizable read: one HTTP/2 stream with bytes made by hand, sharing no code with the
 * product.
 */
import { connect, type ClientHttp2Session } from "node:http2";

export interface Identity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A gRPC frame (no compression, length 8) around RangeRequest{key: "health"}. */
const request = Buffer.from([0, 0, 0, 0, 8, 0x0a, 6, ...Buffer.from("health")]);

const headers = {
  ":method": "POST",
  ":path": "/etcdserverpb.KV/Range",
  "content-type": "application/grpc",
  te: "trailers",
};

/** Open a session and have its handshake done. Rejects as soon as the connection fails. */
export function openSession(url: string, identity: Identity): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = connect(url, { ...identity, servername: "" });
    session.once("error", reject);
    session.once("connect", () => resolve(session));
  });
}

/** One read on an open session, milliseconds. Rejects unless etcd answered it with success. */
export function readOn(session: ClientHttp2Session, deadline = 1_000): Promise<number> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const stream = session.request(headers);
    let status: string | undefined;
    const heed = (received: Record<string, unknown>): void => {
      if (received["grpc-status"] !== undefined) status = String(received["grpc-status"]);
    };
    stream.setTimeout(deadline, () => stream.close());
    stream.on("response", heed);
    stream.on("trailers", heed);
    stream.on("error", reject);
    stream.on("close", () =>
      status === "0" ? resolve(performance.now() - begin) : reject(new Error(`read ended with status ${status}`)),
    );
    stream.resume();
    stream.end(request);
  });
}

/** Ask a member every 2 ms until it answers a linearizable read. @throws Error after a minute */
export async function untilServing(url: string, identity: Identity): Promise<void> {
  const end = Date.now() + 60_000;
  let session: ClientHttp2Session | undefined;
  for (;;) {
    try {
      session ??= await openSession(url, identity);
      await readOn(session);
      session.close();
      return;
    } catch (problem) {
      if (session?.destroyed !== false || session.closed) session = undefined;
      if (Date.now() > end) throw problem;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
