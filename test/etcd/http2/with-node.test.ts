/** node's HTTP/2, another's work, is the server: whatever it says must be heard as it was said. */
import { createServer, type ServerHttp2Session } from "node:http2";
import { connect } from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ShortSession, shortHttp2 } from "../../../src/etcd/http2/session.js";
import type { ShortStream } from "../../../src/etcd/http2/stream.js";
import { parseAddress } from "../../../src/etcd/transport/address.js";
import { Connection } from "../../../src/etcd/transport/connection.js";
import type { AnswerHeaders } from "../../../src/etcd/transport/http2.js";
import { unary } from "../../../src/etcd/transport/unary.js";
import { answer, fakeGrpcServer, type FakeGrpcServer } from "../../support/fake-grpc-server.js";
import { textMethod } from "../transport/text-method.js";

let server: FakeGrpcServer;
let connection: Connection<ShortStream>;

beforeEach(async () => {
  server = await fakeGrpcServer((stream) => answer(stream, ["hello"]));
  connection = new Connection(server.url, { tls: async () => undefined }, shortHttp2);
});
afterEach(async () => {
  await connection.close();
  await server.close();
});

/** What a header may hold: printable ASCII, and octets above it, of which the code has the longest words. */
const visible = fc.integer({ min: 0x21, max: 0xff }).filter((code) => code !== 0x7f);
const value = fc.string({ unit: visible.map((code) => String.fromCharCode(code)), maxLength: 120 });

it("headers and trailers of any text come as they were sent, over one connection's table", async () => {
  const raw = createServer();
  let sent: [Record<string, string>, Record<string, string>] = [{}, {}];
  const sessions: ServerHttp2Session[] = [];
  raw.on("session", (session: ServerHttp2Session) => sessions.push(session));
  raw.on("stream", (stream) => {
    stream.respond({ ":status": 200, ...sent[0] }, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers(sent[1]));
    stream.end("body");
  });
  await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
  const { port } = raw.address() as { port: number };
  const socket = connect(port, "127.0.0.1");
  const session = new ShortSession(socket, parseAddress(`http://127.0.0.1:${port}`));
  await new Promise<void>((resolve) => session.once("remoteSettings", resolve));
  const heard = (): Promise<[AnswerHeaders, AnswerHeaders, string]> =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ":method": "POST", ":path": "/" });
      let [response, trailers, body]: [AnswerHeaders, AnswerHeaders, string] = [{}, {}, ""];
      stream.on("response", (headers: AnswerHeaders) => (response = headers));
      stream.on("trailers", (headers: AnswerHeaders) => (trailers = headers));
      stream.on("data", (chunk: Buffer) => (body += chunk.toString()));
      stream.once("end", () => resolve([response, trailers, body]));
      stream.once("close", () => reject(new Error(`ended by ${stream.rstCode}`)));
      stream.end();
    });
  try {
    const named = fc.dictionary(fc.constantFrom("x-one", "x-two", "etag", "server", "x-third"), value);
    await fc.assert(
      fc.asyncProperty(named, named, async (headers, trailers) => {
        sent = [headers, trailers];
        const [response, last, body] = await heard();
        expect(response).toMatchObject({ ":status": 200, ...headers });
        expect(last).toMatchObject(trailers);
        expect(body).toBe("body");
      }),
      { numRuns: 300 },
    );
  } finally {
    session.destroy();
    for (const one of sessions) one.destroy();
    await new Promise((resolve) => raw.close(resolve));
  }
});

it("calls of any size, many at a time, each get their own answer", async () => {
  server.handler = (stream) => {
    const parts: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => parts.push(chunk));
    stream.on("end", () => answer(stream, [Buffer.concat(parts).subarray(5).toString()]));
  };
  const say = (text: string): Promise<string> => unary(connection, textMethod, text, { deadline: 20_000 });
  const text = fc.tuple(fc.string({ maxLength: 20 }), fc.integer({ min: 1, max: 9_000 }));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 30 }), async (said) => {
      const texts = said.map(([word, times]) => word.repeat(times)).filter((one) => one !== "broken");
      expect(await Promise.all(texts.map(say))).toEqual(texts);
    }),
    { numRuns: 25 },
  );
  expect(server.sessions).toHaveLength(1);
});
