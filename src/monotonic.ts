/**
 * Milliseconds that only go forward, from any beginning. node's `performance` says the same, but the first use of it
 * takes longer to load than a member takes to answer.
 */
export function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
