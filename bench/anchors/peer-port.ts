import { Agent, request } from "node:https";
import type { Identity } from "./raw-read.js";

/** Ask a member's peer listener every 2 ms until GET /members answers 200. @throws Error after a minute */
export async function untilPeerServes(peerUrl: string, identity: Identity): Promise<void> {
  const agent = new Agent({ keepAlive: true, ...identity });
  const end = Date.now() + 60_000;
  while ((await statusOf(`${peerUrl}/members`, agent)) !== 200) {
    if (Date.now() > end) throw new Error(`${peerUrl} does not serve`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  agent.destroy();
}

function statusOf(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request(url, { agent, timeout: 1_000 }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
      answer.on("error", () => resolve(undefined));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(undefined));
    asked.end();
  });
}
