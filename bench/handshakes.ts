/** Clients that do nothing but connect: a new TLS handshake with both certificates each time, and one small answer. */
import { Agent, get } from "node:https";
import { connect } from "node:tls";
import type { Identity } from "./anchors/raw-read.js";

export interface Handshakes {
  readonly tried: number;
  /** Why handshakes failed, one entry for each. */
  readonly failures: readonly string[];
}

/** Milliseconds. */
const patience = 5_000;

/**
 * Has `clients` at work, on one member after the other, while `act` lasts.
 * @param urls client URLs of all members
 */
export async function whileShakingHands(
  urls: readonly string[],
  identity: Identity,
  clients: number,
  act: () => Promise<unknown>,
): Promise<Handshakes> {
  const failures: string[] = [];
  let tried = 0;
  let over = false;
  const work = async (first: number): Promise<void> => {
    for (let turn = first; !over; turn += 1) {
      tried += 1;
      await shake(urls[turn % urls.length] ?? "", identity).catch((error: unknown) => failures.push(String(error)));
    }
  };
  const all = Array.from({ length: clients }, (_, index) => work(index));
  try {
    await act();
  } finally {
    over = true;
    await Promise.all(all);
  }
  return { tried, failures };
}

function shake(url: string, identity: Identity): Promise<void> {
  // No session is kept, so that none is resumed in place of a handshake.
  const agent = new Agent({ keepAlive: false, maxCachedSessions: 0, ...identity });
  return new Promise((resolve, reject) => {
    const asked = get(`${url}/version`, { agent, timeout: patience }, (answer) => {
      answer.resume();
      answer.once("error", reject);
      answer.once("end", () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${answer.statusCode}`)),
      );
    });
    asked.once("timeout", () => asked.destroy(new Error(`${url} did not answer`)));
    asked.once("error", reject);
  });
}

/** Fingerprint of the certificate that a member shows now. */
export function fingerprintAt(url: string, identity: Identity): Promise<string> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), ...identity }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? "");
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
