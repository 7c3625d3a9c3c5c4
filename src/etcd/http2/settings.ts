/** SETTINGS (RFC 9113, 6.5): what of the peer's matters here, and our own. */
import { errorCode, frameOf, frameType, Http2Error } from "./frames.js";

export interface PeerSettings {
  /** Calls that it takes at a time. */
  readonly maxStreams: number;
  /** Bytes that it takes on a new stream. */
  readonly window: number;
}

const setting = { enablePush: 2, maxConcurrentStreams: 3, initialWindowSize: 4 } as const;
const bytesEach = 6;

/** What a client says first: nothing is to be pushed. The rest is as the protocol has it. */
export function settingsFrame(): Buffer {
  const payload = Buffer.alloc(bytesEach);
  payload.writeUInt16BE(setting.enablePush);
  return frameOf(frameType.settings, 0, 0, payload);
}

/** @throws Http2Error */
export function readSettings(payload: Buffer, before: PeerSettings): PeerSettings {
  if (payload.length % bytesEach !== 0) throw new Http2Error(errorCode.frameSize, "the server sent settings cut off");
  let { maxStreams, window } = before;
  for (let at = 0; at < payload.length; at += bytesEach) {
    const [name, value] = [payload.readUInt16BE(at), payload.readUInt32BE(at + 2)];
    if (name === setting.maxConcurrentStreams) maxStreams = value;
    if (name !== setting.initialWindowSize) continue;
    if (value > 0x7fff_ffff) throw new Http2Error(errorCode.flowControl, "the server sent a senseless window");
    window = value;
  }
  return { maxStreams, window };
}
