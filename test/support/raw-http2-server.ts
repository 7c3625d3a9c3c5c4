/** A TCP server in this process that speaks HTTP/2 frame by frame, as the test says: also what no real server would. */
import { createServer, type Socket } from "node:net";
import { until } from "./until.js";

export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export interface RawHttp2Server {
  readonly url: string;
  /** Frames of the last connection so far, without the preface. */
  readonly frames: RawFrame[];
  /** Connections so far. */
  readonly accepted: number;
  /** Bytes that are sent as soon as a connection comes; an empty SETTINGS frame unless told. */
  greeting: Buffer;
  send(...frames: readonly Buffer[]): void;
  /** Waits for a frame of this type and gives it back. */
  frame(type: number, which?: (frame: RawFrame) => boolean): Promise<RawFrame>;
  close(): Promise<void>;
}

export function rawFrame(type: number, flags: number, stream: number, payload: Buffer | string = ""): Buffer {
  const content = Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(content.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, content]);
}

const prefaceBytes = 24;

export async function rawHttp2Server(): Promise<RawHttp2Server> {
  const sockets = new Set<Socket>();
  let last: Socket | undefined;
  const state = { frames: [] as RawFrame[], accepted: 0, greeting: rawFrame(4, 0, 0) };
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    last = socket;
    state.accepted += 1;
    state.frames.length = 0;
    let held = Buffer.alloc(0);
    let prefaceSeen = false;
    socket.write(state.greeting);
    socket.on("data", (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      if (!prefaceSeen) {
        if (held.length < prefaceBytes) return;
        if (held.toString("latin1", 0, prefaceBytes) !== "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
          throw new Error("no preface");
        prefaceSeen = true;
        held = held.subarray(prefaceBytes);
      }
      while (held.length >= 9 && held.length >= 9 + held.readUIntBE(0, 3)) {
        const end = 9 + held.readUIntBE(0, 3);
        const [type, flags] = [held.readUInt8(3), held.readUInt8(4)];
        state.frames.push({ type, flags, stream: held.readUInt32BE(5), payload: held.subarray(9, end) });
        held = held.subarray(end);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return Object.assign(state, {
    url: `http://127.0.0.1:${address.port}`,
    send: (...frames: readonly Buffer[]) => void last?.write(Buffer.concat(frames)),
    async frame(type: number, which: (frame: RawFrame) => boolean = () => true) {
      const found = (): RawFrame | undefined => state.frames.find((frame) => frame.type === type && which(frame));
      await until(() => found() !== undefined);
      return found() as RawFrame;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
