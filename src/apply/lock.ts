/**
 * One operator at a time. The lock stands on every host that answers and is held by the very connection that does the
 * work, so it ends with quorate, however quorate ends. The first host (by name) decides between two that come together.
 */
import { QuorateError } from "../errors.js";
import type { Host, LockHolder } from "../host/host.js";

export interface Lock {
  /** Settles when what was sent alongside is done, or has failed. */
  readonly alongside: Promise<void>;
  release(): Promise<void>;
}

/**
 * @param alongside sent right behind the lock on each host, in the same round trip, so that it sees the host as locked
 * @throws QuorateError E_LOCKED, naming the holder; then nothing is held.
 */
export async function takeLock(
  hosts: readonly Host[],
  holder: LockHolder,
  options: { steal?: boolean; alongside?: (host: Host) => Promise<void> } = {},
): Promise<Lock> {
  const ordered = [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1));
  const held: Host[] = [];
  const sights: Promise<void>[] = [];
  const release = async (): Promise<void> => {
    await Promise.allSettled(held.map((host) => host.unlock()));
  };
  const take = async (host: Host): Promise<void> => {
    const asked = host.lock(holder, options.steal);
    if (options.alongside !== undefined) sights.push(options.alongside(host));
    sights.at(-1)?.catch(() => undefined); // Told to whoever waits for all of them.
    const other = await asked;
    if (other !== undefined) throw lockedBy(host.name, other);
    held.push(host);
  };
  const [first, ...rest] = ordered;
  try {
    if (first !== undefined) await take(first);
    const outcomes = await Promise.allSettled(rest.map(take));
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    if (refused !== undefined) throw refused.reason;
  } catch (error) {
    await Promise.allSettled(sights);
    await release();
    throw error;
  }
  return { release, alongside: Promise.all(sights).then(() => undefined) };
}

export function lockedBy(host: string, { operator, machine, pid, command, since }: LockHolder): QuorateError {
  const message = `${operator} on ${machine} (pid ${pid}) has held the lock since ${since}: ${command}`;
  return new QuorateError("E_LOCKED", message, { where: host });
}
