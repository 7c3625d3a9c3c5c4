import { join } from "node:path";
import { invariant } from "../errors.js";
import type { Authority } from "./authority.js";
import { exportFiles } from "./export-files.js";

/** Our file name → the tutorial's name for cfssl's output. Its one pair is our server pair; ours has a peer pair too. */
const names = {
  "ca.pem": "ca.pem",
  "server.pem": "etcd.pem",
  "server-key.pem": "etcd-key.pem",
  "peer.pem": "etcd-peer.pem",
  "peer-key.pem": "etcd-peer-key.pem",
} as const;

/**
 * Write the members' certificates under cfssl's output names, one folder per member.
 * @param folder absolute; made when it does not exist
 * @returns the absolute paths written, sorted
 * @throws QuorateError E_TLS_EXISTS when a file with other content is already there: nothing is overwritten
 */
export async function exportCfsslNames(
  authority: Authority,
  members: readonly string[],
  folder: string,
): Promise<string[]> {
  const written: string[] = [];
  for (const member of members) {
    const trust = await authority.stored(member);
    invariant(trust !== undefined, `${member} has certificates to export`);
    const files = new Map<string, Uint8Array>();
    for (const file of trust.files) files.set(names[file.name], await file.bytes());
    written.push(...(await exportFiles(join(folder, member), files)));
  }
  return written.sort();
}
