/** Whether a member's peer listener serves, cheap enough to be asked every few milliseconds while a cluster forms. */
import type { Socket } from "node:net";
import { parseAddress } from "./transport/address.js";
import { dial, readyEvent, type Through, type TlsMaterial } from "./transport/dial.js";

export interface PeerProbe {
  /** GET /members answered 200 within `deadline` milliseconds. Never throws. */
  serves(peerUrl: string, deadline: number): Promise<boolean>;
  close(): void;
}

/** Milliseconds after which a connection that nobody answers is given up for a new one. */
const patience = 1500;

/**
 * A listener that is open but not served yet takes the connection and answers once it is served, so an unanswered probe
 * stays open and later calls for the same URL join it, instead of leaving the server a heap of dead connections.
 */
export function openPeerProbe(tls: () => Promise<TlsMaterial | undefined>, through?: Through): PeerProbe {
  const underWay = new Map<string, Promise<boolean>>();
  const sockets = new Set<Socket>();

  async function probe(peerUrl: string): Promise<boolean> {
    try {
      const address = parseAddress(peerUrl);
      const material = address.secure ? await tls() : undefined;
      const socket = dial(address, material, "http/1.1", await through?.(address));
      sockets.add(socket);
      const request = `GET /members HTTP/1.1\r\nHost: ${new URL(address.origin).host}\r\nConnection: close\r\n\r\n`;
      return await new Promise<boolean>((resolve) => {
        let head = "";
        const end = (): void => {
          sockets.delete(socket);
          socket.destroy();
          resolve(/^HTTP\/1\.[01] 200 /.test(head));
        };
        socket.setTimeout(patience, end);
        socket.once("error", end);
        socket.once("close", end);
        socket.once(readyEvent(address), () => socket.write(request));
        socket.on("data", (chunk: Buffer) => {
          head += chunk.toString("latin1");
          if (head.includes("\r\n")) end();
        });
      });
    } catch {
      // A URL or a certificate that cannot be used: nobody can be seen to serve.
      return false;
    }
  }

  return {
    async serves(peerUrl, deadline) {
      let current = underWay.get(peerUrl);
      if (current === undefined) {
        current = probe(peerUrl).finally(() => underWay.delete(peerUrl));
        underWay.set(peerUrl, current);
      }
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, deadline, false)));
      try {
        return await Promise.race([current, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
