/** From an address to a session that the server has answered on. */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { EtcdError } from "../cluster.js";
import type { Address } from "./address.js";
import { dial, readyEvent, type TlsMaterial } from "./dial.js";
import { closedEarly, connectFailure } from "./failure.js";
import type { CallStream, Http2, Http2Session } from "./http2.js";
import { Session, type Patience } from "./session.js";

interface Wanted<Stream extends CallStream> {
  readonly address: Address;
  readonly material: TlsMaterial | undefined;
  readonly patience: Patience;
  readonly http2: Http2<Stream>;
  readonly early: boolean;
  /** A local socket that leads there, in place of the network. */
  readonly path: string | undefined;
}

/**
 * Resolves at the server's first HTTP/2 frame, so that every failure before it is known to have sent no request; or, when
 * `early`, as soon as there is somebody to talk to.
 * @throws EtcdError of kind refused, unreachable or tls, with `sent` false.
 */
export function openSession<Stream extends CallStream>(wanted: Wanted<Stream>): Promise<Session<Stream>> {
  const { address, material, patience, http2, path, early } = wanted;
  return new Promise((resolve, reject) => {
    let socket: Socket;
    try {
      socket = dial(address, material, "h2", path);
    } catch (error) {
      reject(new EtcdError("tls", `${address.url}: ${(error as Error).message}`, undefined, error, false));
      return;
    }
    let session: Http2Session<Stream> | undefined;
    let done = false;
    const fail = (error: unknown): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      session?.destroy();
      socket.destroy();
      reject(connectFailure(address.url, error));
    };
    const timer = setTimeout(() => {
      const message = `${address.url}: no connection within ${patience.connect} ms`;
      fail(new EtcdError("unreachable", message, undefined, undefined, false));
    }, patience.connect);
    const closed = (): void => fail(closedEarly());
    socket.once("error", fail);
    socket.once("close", closed);
    setImmediate(http2.load);
    socket.once(readyEvent(address), () => {
      if (done) return;
      if (address.secure && (socket as TLSSocket).alpnProtocol !== "h2") {
        fail(new EtcdError("tls", `${address.url}: the server does not offer HTTP/2`, undefined, undefined, false));
        return;
      }
      const begun = http2.begin(socket, address);
      session = begun;
      const ready = (): void => {
        if (done) return;
        done = true;
        clearTimeout(timer);
        resolve(new Session(begun, address, patience, early));
      };
      if (early) return ready();
      begun.once("error", fail);
      begun.once("close", closed);
      begun.once("remoteSettings", ready);
    });
  });
}
