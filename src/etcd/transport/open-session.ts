/** From an address to a session that the server has answered on. */
import type { ClientHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { EtcdError } from "../cluster.js";
import type { Address } from "./address.js";
import { dial, readyEvent, type TlsMaterial } from "./dial.js";
import { connectFailure } from "./failure.js";
import { Session, type Patience } from "./session.js";

/** Bytes that may be under way before the reader has taken them: per call, and on the whole connection. */
const streamWindow = 1 << 20;
const connectionWindow = 8 << 20;

/** Loading it takes some milliseconds, which pass while the server answers the first message of the handshake. */
const http2Library = (): typeof import("node:http2") => process.getBuiltinModule("node:http2");

/**
 * Resolves at the server's first HTTP/2 frame, so that every failure before it is known to have sent no request.
 * @throws EtcdError of kind refused, unreachable or tls, with `sent` false.
 */
export function openSession(
  address: Address,
  material: TlsMaterial | undefined,
  patience: Patience,
  path?: string,
): Promise<Session> {
  return new Promise((resolve, reject) => {
    let socket: Socket;
    try {
      socket = dial(address, material, "h2", path);
    } catch (error) {
      reject(new EtcdError("tls", `${address.url}: ${(error as Error).message}`, undefined, error, false));
      return;
    }
    let http2: ClientHttp2Session | undefined;
    let done = false;
    const fail = (error: unknown): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      http2?.destroy();
      socket.destroy();
      reject(connectFailure(address.url, error));
    };
    const timer = setTimeout(() => {
      const message = `${address.url}: no connection within ${patience.connect} ms`;
      fail(new EtcdError("unreachable", message, undefined, undefined, false));
    }, patience.connect);
    const closed = (): void => fail(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" }));
    socket.once("error", fail);
    socket.once("close", closed);
    setImmediate(http2Library);
    socket.once(readyEvent(address), () => {
      if (done) return;
      if (address.secure && (socket as TLSSocket).alpnProtocol !== "h2") {
        fail(new EtcdError("tls", `${address.url}: the server does not offer HTTP/2`, undefined, undefined, false));
        return;
      }
      http2 = http2Library().connect(address.origin, {
        createConnection: () => socket,
        settings: { enablePush: false, initialWindowSize: streamWindow },
        maxSessionMemory: 256,
      });
      http2.once("error", fail);
      http2.once("close", closed);
      http2.once("remoteSettings", () => {
        if (done) return;
        done = true;
        clearTimeout(timer);
        const session = http2 as ClientHttp2Session;
        session.setLocalWindowSize(connectionWindow);
        resolve(new Session(session, address, patience));
      });
    });
  });
}
