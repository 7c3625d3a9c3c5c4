/** Reads the keys one after the other, linearizably. */
import { atPace, request, revisionNumber, type ClientSet } from "./client-set.js";
import { unpadded } from "./keys.js";

/** @param keys at least one; each reader begins at another place. */
export function read(set: ClientSet, name: string, keys: readonly string[], offset: number): Promise<void> {
  return atPace(set, async (turn) => {
    const key = keys[(turn + offset) % keys.length] ?? "";
    const invoked = set.recorder.now();
    const { answer, ...how } = await request(set, (client, options) => client.kv.range(key, {}, options));
    const operation = { client: name, key, invoked, returned: set.recorder.now(), ...how };
    if (answer === undefined) return set.recorder.read(operation);
    const [found] = answer.kvs;
    set.recorder.read({
      ...operation,
      seen: revisionNumber(answer.header?.revision),
      value: found === undefined ? undefined : unpadded(Buffer.from(found.value).toString()),
      revision: revisionNumber(found?.modRevision),
    });
  });
}
