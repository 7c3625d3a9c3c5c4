import { createServer, type Server } from "node:net";

/** Below the range from which Linux takes the local ports of outgoing connections, so that none gets in between. */
const [lowest, highest] = [10_240, 32_767];

/** Distinct TCP ports that were free on loopback a moment ago; they are held together until all are known. */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  while (ports.length < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!free) continue;
    held.push(server);
    ports.push(port);
  }
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
