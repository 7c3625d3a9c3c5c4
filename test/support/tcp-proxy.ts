/** A TCP proxy on loopback that can misbehave on demand. */
import { connect, createServer, type Socket } from "node:net";

/** pass: forward. hold: accept and keep connections open, forward nothing, buffer nothing to speak of. */
export type ProxyMode = "pass" | "hold";

export interface TcpProxy {
  readonly port: number;
  /** How many connections were accepted so far. */
  readonly accepted: number;
  mode: ProxyMode;
  /** Leaves the open connections to themselves for good, as when the way to them is gone; new ones are served. */
  strand(): void;
  /** Ends every open connection with RST. */
  reset(): void;
  close(): Promise<void>;
}

/** Forwards to this port of 127.0.0.1. A connection that begins while held is never forwarded. */
export async function tcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Map<Socket, Socket | undefined>();
  let accepted = 0;
  let mode: ProxyMode = "pass";

  function part(near: Socket, far: Socket): void {
    near.unpipe(far).pause();
    far.unpipe(near).pause();
  }

  const server = createServer((near) => {
    accepted += 1;
    near.on("error", () => undefined);
    pairs.set(near, undefined);
    near.once("close", () => {
      pairs.get(near)?.destroy();
      pairs.delete(near);
    });
    if (mode === "hold") return;
    const far = connect(targetPort, "127.0.0.1");
    far.on("error", () => near.destroy());
    pairs.set(near, far);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");

  return {
    port: address.port,
    get accepted() {
      return accepted;
    },
    get mode() {
      return mode;
    },
    set mode(wanted) {
      mode = wanted;
      for (const [near, far] of pairs) {
        if (far === undefined) continue;
        if (wanted === "hold") part(near, far);
        else {
          near.pipe(far);
          far.pipe(near);
        }
      }
    },
    strand() {
      for (const [near, far] of pairs) {
        if (far === undefined) continue;
        part(near, far);
        pairs.set(near, undefined);
        near.once("close", () => far.destroy());
      }
    },
    reset() {
      for (const near of pairs.keys()) near.resetAndDestroy();
    },
    async close() {
      for (const near of pairs.keys()) near.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
