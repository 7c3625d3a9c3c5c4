/** Free ports on loopback for the members of a local cluster. */
import { createServer } from "node:net";
import { localPorts } from "./resolve/member.js";

/** Client and peer port of one member. */
export interface PortPair {
  readonly client: number;
  readonly peer: number;
}

/** Whether nobody listens on this port of 127.0.0.1 now. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * The usual ports (2379/2380, 22379/22380, 32379/32380 …) where they are free, else the next ones ten higher.
 * @throws Error when a whole range of ports is taken.
 */
export async function freePortPairs(
  count: number,
  isFree: (port: number) => Promise<boolean> = isFreePort,
): Promise<PortPair[]> {
  const pairs: PortPair[] = [];
  for (let index = 0; index < count; index += 1)
    pairs.push(await nextPair(localPorts[index % localPorts.length] ?? 2379, pairs, isFree));
  return pairs;
}

async function nextPair(
  start: number,
  taken: readonly PortPair[],
  isFree: (port: number) => Promise<boolean>,
): Promise<PortPair> {
  for (let client = start; client < start + 2000; client += 10) {
    const peer = client + 1;
    const ours = taken.some((pair) => pair.client === client);
    if (!ours && (await isFree(client)) && (await isFree(peer))) return { client, peer };
  }
  throw new Error(`no two free ports from ${start} to ${start + 2000} on 127.0.0.1`);
}
