/**
 * Whose data directory is this? etcd writes the member's and the cluster's ID at the head of every WAL segment, in the
 * clear, so 512 bytes of a file answer without starting anything. Source: server/storage/wal (decoder.go, wal.go),
 * walpb/record.proto, etcdserverpb.Metadata.
 */
export interface WalIdentity {
  /** Lower-case hex without leading zeros. */
  readonly clusterId: string;
  readonly memberId: string;
}

const metadataRecord = 1n;
/** The metadata follows the segment's checksum; nothing else comes before it. */
const recordsToRead = 4;

/**
 * @param bytes the first bytes of a WAL segment; 512 are enough.
 * @returns undefined when the bytes are not the head of a WAL segment.
 */
export function readWalIdentity(bytes: Uint8Array): WalIdentity | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  for (let record = 0; record < recordsToRead && offset + 8 <= bytes.length; record += 1) {
    const field = view.getBigUint64(offset, true);
    // The top byte tells the padding up to eight bytes, when its highest bit is set; the rest is the record's length.
    const length = Number(field & 0x00ff_ffff_ffff_ffffn);
    const padding = field >> 63n === 1n ? Number((field >> 56n) & 7n) : 0;
    offset += 8;
    if (length === 0 || offset + length > bytes.length) return undefined;
    const found = identityIn(bytes.subarray(offset, offset + length));
    if (found !== "other") return found;
    offset += length + padding;
  }
  return undefined;
}

function identityIn(record: Uint8Array): WalIdentity | "other" | undefined {
  try {
    const fields = fieldsOf(record);
    if (fields.get(1) !== metadataRecord) return fields.has(1) ? "other" : undefined;
    const data = fields.get(3);
    if (!(data instanceof Uint8Array)) return undefined;
    const metadata = fieldsOf(data);
    const [memberId, clusterId] = [metadata.get(1), metadata.get(2)];
    if (typeof memberId !== "bigint" || typeof clusterId !== "bigint") return undefined;
    return { clusterId: clusterId.toString(16), memberId: memberId.toString(16) };
  } catch {
    // Not protobuf, so not a WAL.
    return undefined;
  }
}

/**
 * The last value of each field of a message that has varint and bytes fields only. Two such messages do not need a
 * codec that takes longer to load than all the rest of this file's work. @throws RangeError for anything else.
 */
function fieldsOf(message: Uint8Array): Map<number, bigint | Uint8Array> {
  const fields = new Map<number, bigint | Uint8Array>();
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; at < message.length && shift < 70n; shift += 7n) {
      const byte = message[at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError("not a varint");
  };
  while (at < message.length) {
    const tag = Number(varint());
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    const value = varint();
    if (wireType === 0) fields.set(field, value);
    else if (wireType === 2 && at + Number(value) <= message.length) {
      fields.set(field, message.subarray(at, (at += Number(value))));
    } else throw new RangeError(`field ${field} cannot be read`);
  }
  return fields;
}
