/** Clients that shake hands anew with every member for every question, with what their files say at that moment. */
import { readFileSync, realpathSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import type { Spec } from "../../src/spec/spec.js";

export interface Count {
  done: number;
  readonly failures: string[];
}

/** Certificate files of a client, absolute. */
export interface Files {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** quorate's own, as `quorate export etcdctl` names them; a client reads them in one folder. */
export function ownFiles(spec: Spec): Files {
  const live = realpathSync(join(spec.stateDir, "pki", "client", "live"));
  return { ca: join(live, "ca.pem"), cert: join(live, "root.pem"), key: join(live, "root-key.pem") };
}

/** @param files asked before each handshake @returns ends them, and says what came of it */
export function shakeHands(spec: Spec, files: () => Files, clients = 4): () => Promise<Count> {
  const count: Count = { done: 0, failures: [] };
  let over = false;
  const urls = spec.members.map(({ client }) => client.url);
  const loop = async (start: number): Promise<void> => {
    for (let turn = start; !over; turn += 1) {
      const url = urls[turn % urls.length] ?? "";
      const failure = await attempt(url, files);
      count.done += 1;
      if (failure !== undefined) count.failures.push(`${url}: ${failure}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const loops = Array.from({ length: clients }, (_, index) => loop(index));
  return async () => {
    over = true;
    await Promise.all(loops);
    return count;
  };
}

const attempt = (url: string, files: () => Files): Promise<string | undefined> =>
  new Promise<string | undefined>((resolve) => resolve(once(url, files()))).catch(String);

/** A member that is being restarted refuses the connection, which is no failed handshake: an ordinary client goes elsewhere. */
const isAway = (error: NodeJS.ErrnoException): boolean => error.code === "ECONNREFUSED" || error.code === "ECONNRESET";

/** @returns why not */
export function once(url: string, files: Files): Promise<string | undefined> {
  const material = { ca: readFileSync(files.ca), cert: readFileSync(files.cert), key: readFileSync(files.key) };
  return new Promise((resolve) => {
    const asked = request(new URL("/version", url), { ...material, agent: false, timeout: 10_000 });
    asked.once("response", (response) => {
      response.resume();
      response.once("end", () => resolve(undefined));
    });
    asked.once("timeout", () => asked.destroy(new Error("no answer")));
    asked.once("error", (error) => resolve(isAway(error) ? undefined : error.message));
    asked.end();
  });
}
