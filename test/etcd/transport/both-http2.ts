/** Unary calls go over either HTTP/2, and nobody who makes one must see a difference. */
import { shortHttp2 } from "../../../src/etcd/http2/session.js";
import type { CallStream, Http2 } from "../../../src/etcd/transport/http2.js";
import { nodeHttp2 } from "../../../src/etcd/transport/node-http2.js";

export const bothHttp2: readonly (readonly [name: string, http2: Http2<CallStream>])[] = [
  ["node's HTTP/2", nodeHttp2],
  ["our own HTTP/2", shortHttp2],
];
