/** node's own HTTP/2: for everything that streams, and whatever may take its time to start. */
import type { ClientHttp2Stream } from "node:http2";
import type { Http2, Http2Session } from "./http2.js";

/** Bytes that may be under way before the reader has taken them: per call, and on the whole connection. */
const streamWindow = 1 << 20;
const connectionWindow = 8 << 20;

/** Loading it takes some milliseconds, which pass while the server answers the first message of the handshake. */
const library = (): typeof import("node:http2") => process.getBuiltinModule("node:http2");

export const nodeHttp2: Http2<ClientHttp2Stream> = {
  load: () => void library(),
  begin(socket, address): Http2Session<ClientHttp2Stream> {
    const session = library().connect(address.origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: streamWindow },
      maxSessionMemory: 256,
    });
    session.once("remoteSettings", () => session.setLocalWindowSize(connectionWindow));
    return session;
  },
};
