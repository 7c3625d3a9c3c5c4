/**
 * Writes one value after the other, each exactly once. A value grows, and a transaction writes it only where its key
 * holds a smaller one: sent again, or late from an attempt long given up, it does nothing and tells what was done.
 */
import { compare, op } from "../../etcd/client.js";
import { atPace, request, revisionNumber, type ClientSet } from "./client-set.js";
import { keysOfWrite, padded, unpadded, valueOf } from "./keys.js";

export function write(set: ClientSet, name: string): Promise<void> {
  return atPace(set, async (sequence) => {
    const keys = keysOfWrite(set.prefix, name, sequence);
    const value = valueOf(name, sequence);
    const stored = padded(value, set.valueBytes);
    const txn = {
      compare: [compare.value(keys[0], "<", stored)],
      success: keys.map((key) => op.put(key, stored)),
      failure: [op.range(keys[0])],
    };
    const invoked = set.recorder.now();
    const { answer, ...how } = await request(set, (client, options) => client.kv.txn(txn, options));
    const operation = { client: name, keys, value, invoked, returned: set.recorder.now(), ...how };
    if (answer === undefined) return set.recorder.write(operation);
    const seen = revisionNumber(answer.header?.revision);
    if (answer.succeeded) return set.recorder.write({ ...operation, seen, revision: seen });
    const [first] = answer.responses;
    const found = first?.response?.$case === "responseRange" ? first.response.value.kvs[0] : undefined;
    const held = found === undefined ? undefined : unpadded(Buffer.from(found.value).toString());
    if (found !== undefined && held === value)
      return set.recorder.write({ ...operation, seen, revision: revisionNumber(found.modRevision) });
    return set.recorder.write({ ...operation, seen, failure: `${keys[0]} holds ${held ?? "nothing"}` });
  });
}
