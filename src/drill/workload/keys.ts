/** The keys and values of a workload. Pure. */

/** Keys that one writer has for itself. */
const partition = 4;
/** Every so many writes also write the register that all writers share. */
const sharedEvery = 4;
const digits = 10;

export const sharedKey = (prefix: string): string => `${prefix}shared/register`;
export const sharedPrefix = (prefix: string): string => `${prefix}shared/`;
export const ownPrefix = (prefix: string, writer: string): string => `${prefix}${writer}/`;
export const leaseKey = (prefix: string): string => `${prefix}lease`;

export function ownKeys(prefix: string, writer: string): string[] {
  return Array.from({ length: partition }, (_, index) => `${ownPrefix(prefix, writer)}${index}`);
}

/** A writer's own key comes first: it tells whether a write was carried out already. @param sequence from 1 */
export function keysOfWrite(prefix: string, writer: string, sequence: number): [string, ...string[]] {
  const own = `${ownPrefix(prefix, writer)}${sequence % partition}`;
  return sequence % sharedEvery === 0 ? [own, sharedKey(prefix)] : [own];
}

/** Grows with the sequence, as etcd compares values: byte by byte. */
export function valueOf(writer: string, sequence: number): string {
  return `${String(sequence).padStart(digits, "0")}.${writer}`;
}

/** What is stored: the value, and filling up to so many bytes. */
export const padded = (value: string, bytes: number): string => `${value} `.padEnd(bytes, ".");

/** The value without its filling. */
export function unpadded(stored: string): string {
  const end = stored.indexOf(" ");
  return end === -1 ? stored : stored.slice(0, end);
}
