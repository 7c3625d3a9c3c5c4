import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallOptions } from "../../../src/etcd/transport/call.js";
import { Connection } from "../../../src/etcd/transport/connection.js";
import { unaryBytes } from "../../../src/etcd/transport/unary.js";
import { shortHttp2 } from "../../../src/etcd/http2/session.js";
import type { ShortStream } from "../../../src/etcd/http2/stream.js";
import { framed } from "../../support/fake-grpc-server.js";
import { rawFrame, rawHttp2Server, type RawHttp2Server } from "../../support/raw-http2-server.js";
import { until } from "../../support/until.js";

/** Types and flags of frames (RFC 9113, 6), as numbers of the test's own. */
const [data, headers, priority, reset, settings, push, ping, goaway, windowUpdate, continuation] = Array.from(
  { length: 10 },
  (_, type) => type,
) as [number, number, number, number, number, number, number, number, number, number];
const [endStream, endHeaders, ack] = [1, 4, 1];

/** `:status: 200` and `content-type: application/grpc`; `grpc-status: 0`. */
const head = Buffer.from("\x88\x0f\x10\x10application/grpc", "latin1");
const good = Buffer.from("\x00\x0bgrpc-status\x010", "latin1");

const answerTo = (stream: number, text: string): Buffer[] => [
  rawFrame(headers, endHeaders, stream, head),
  rawFrame(data, 0, stream, framed(text)),
  rawFrame(headers, endHeaders | endStream, stream, good),
];

function settingOf(name: number, value: number): Buffer {
  const setting = Buffer.alloc(6);
  setting.writeUInt16BE(name);
  setting.writeUInt32BE(value, 2);
  return setting;
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

let server: RawHttp2Server;
let connection: Connection<ShortStream>;

beforeEach(async () => {
  server = await rawHttp2Server();
  connection = new Connection(server.url, { tls: async () => undefined, patience: { connect: 1000 } }, shortHttp2);
});
afterEach(async () => {
  await connection.close();
  await server.close();
});

const ask = async (body = "hi", options: CallOptions = {}): Promise<string> => {
  const answer = await unaryBytes(connection, "/test.Text/Say", Buffer.from(body), { deadline: 10_000, ...options });
  return Buffer.from(answer).toString();
};

/** Ends a call whose answer the test does not wait for. */
const soon = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

describe("what it says", () => {
  it("begins with settings that forbid pushing, and acknowledges the server's", async () => {
    const call = soon(ask());
    const first = await server.frame(settings, ({ flags }) => flags === 0);
    expect(first).toMatchObject({ stream: 0, payload: settingOf(2, 0) });
    expect((await server.frame(settings, ({ flags }) => flags === ack)).payload).toHaveLength(0);
    server.send(...answerTo(1, "hello"));
    expect(await call).toBe("hello");
  });

  it("asks before the server has said anything, when it may", async () => {
    server.greeting = Buffer.alloc(0);
    const early = new Connection(server.url, { tls: async () => undefined, early: true }, shortHttp2);
    try {
      const call = soon(unaryBytes(early, "/test.Text/Say", Buffer.from("hi"), { deadline: 10_000 }));
      await server.frame(data);
      expect(server.frames.map(({ type }) => type)).toEqual([settings, headers, data]);
      server.send(rawFrame(settings, 0, 0), ...answerTo(1, "hello"));
      expect(Buffer.from((await call) as Uint8Array).toString()).toBe("hello");
    } finally {
      await early.close();
    }
  });

  it("does not know, having asked so early, whether it was heard by a server that goes", async () => {
    server.greeting = Buffer.alloc(0);
    const early = new Connection(server.url, { tls: async () => undefined, early: true }, shortHttp2);
    const call = unaryBytes(early, "/test.Text/Say", Buffer.from("hi"), { deadline: 10_000 });
    const failure = expect(call).rejects.toMatchObject({ kind: "unreachable", sent: true });
    await server.frame(data);
    await server.close();
    await failure;
    await early.close();
  });

  it("answers a PING with what was in it, and no PING that is an answer", async () => {
    const call = soon(ask());
    await server.frame(headers);
    server.send(rawFrame(ping, ack, 0, "87654321"), rawFrame(ping, 0, 0, "12345678"), ...answerTo(1, "hello"));
    await call;
    expect(await server.frame(ping)).toMatchObject({ flags: ack, payload: Buffer.from("12345678") });
    expect(server.frames.filter(({ type }) => type === ping)).toHaveLength(1);
  });

  it("holds a request back until the server's window has room", async () => {
    server.greeting = rawFrame(settings, 0, 0, settingOf(4, 3));
    const call = ask("hello");
    expect((await server.frame(data)).payload).toHaveLength(3);
    server.send(rawFrame(windowUpdate, 0, 1, numbers(2)));
    await until(() => server.frames.filter(({ type }) => type === data).length === 2);
    // A larger window for new calls is one for those that are open.
    server.send(rawFrame(settings, 0, 0, settingOf(4, 1000)));
    await server.frame(data, ({ flags }) => flags === endStream);
    const said = server.frames.filter(({ type }) => type === data).map(({ payload }) => payload);
    expect(Buffer.concat(said)).toEqual(framed("hello"));
    server.send(...answerTo(1, "hello"));
    expect(await call).toBe("hello");
  });

  it("sends what is longer than a frame in several, within the connection's window", async () => {
    const call = ask("x".repeat(100_000));
    await until(
      () =>
        server.frames.filter(({ type }) => type === data).reduce((sum, { payload }) => sum + payload.length, 0) ===
        65_535,
    );
    server.send(rawFrame(windowUpdate, 0, 0, numbers(100_000)), rawFrame(windowUpdate, 0, 1, numbers(100_000)));
    await server.frame(data, ({ flags }) => flags === endStream);
    expect(Math.max(...server.frames.map(({ payload }) => payload.length))).toBeLessThanOrEqual(16_384);
    server.send(...answerTo(1, "hello"));
    expect(await call).toBe("hello");
  });

  it("sends headers that are longer than a frame in several", async () => {
    const call = soon(ask("hi", { metadata: { token: "t".repeat(40_000) } }));
    await server.frame(data);
    const blocks = server.frames.filter(({ type }) => type === headers || type === continuation);
    expect(blocks.map(({ type, flags }) => [type, flags])).toEqual([
      [headers, 0],
      [continuation, 0],
      [continuation, endHeaders],
    ]);
    server.send(...answerTo(1, "hello"));
    expect(await call).toBe("hello");
  });

  it("asks no more at a time than the server takes", async () => {
    server.greeting = rawFrame(settings, 0, 0, settingOf(3, 1));
    const calls = [ask(), ask()];
    await server.frame(data);
    server.send(...answerTo(1, "one"));
    await server.frame(headers, ({ stream }) => stream === 3);
    server.send(...answerTo(3, "two"));
    expect(await Promise.all(calls)).toEqual(["one", "two"]);
  });

  it("gives the window back while a long answer comes", async () => {
    const call = ask();
    await server.frame(headers);
    const long = framed("y".repeat(60_000));
    const parts = Array.from({ length: 4 }, (_, part) => long.subarray(part * 16_000, (part + 1) * 16_000));
    server.send(rawFrame(headers, endHeaders, 1, head), ...parts.map((part) => rawFrame(data, 0, 1, part)));
    await server.frame(windowUpdate, ({ stream }) => stream === 0);
    await server.frame(windowUpdate, ({ stream }) => stream === 1);
    server.send(rawFrame(headers, endHeaders | endStream, 1, good));
    expect(await call).toHaveLength(60_000);
  });
});

describe("what it hears", () => {
  const oddities: readonly (readonly [string, readonly Buffer[]])[] = [
    [
      "padding and a priority",
      [
        rawFrame(
          headers,
          endHeaders | 8 | 0x20,
          1,
          Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 9]), head, Buffer.alloc(2)]),
        ),
        rawFrame(data, 8, 1, Buffer.concat([Buffer.from([3]), framed("hello"), Buffer.alloc(3)])),
        rawFrame(headers, endHeaders | endStream, 1, good),
      ],
    ],
    [
      "headers in several frames",
      [
        rawFrame(headers, 0, 1, head.subarray(0, 5)),
        rawFrame(continuation, 0, 1, head.subarray(5, 9)),
        rawFrame(continuation, endHeaders, 1, head.subarray(9)),
        rawFrame(data, 0, 1, framed("hello")),
        rawFrame(headers, endStream, 1, good.subarray(0, 3)),
        rawFrame(continuation, endHeaders, 1, good.subarray(3)),
      ],
    ],
    [
      "frames that it does not know, or need not",
      [rawFrame(0x5f, 0xff, 1, "new"), rawFrame(priority, 0, 1, "12345"), ...answerTo(1, "hello")],
    ],
    [
      "an answer that is announced (103)",
      [rawFrame(headers, endHeaders, 1, Buffer.from("\x08\x03103", "latin1")), ...answerTo(1, "hello")],
    ],
    [
      "an answer cut into single octets",
      [
        rawFrame(headers, endHeaders, 1, head),
        ...[...framed("hello")].map((octet) => rawFrame(data, 0, 1, Buffer.from([octet]))),
        rawFrame(headers, endHeaders | endStream, 1, good),
      ],
    ],
  ];
  it.each(oddities)("may have %s", async (_what, frames) => {
    const call = ask();
    await server.frame(headers);
    for (const octet of Buffer.concat(frames)) server.send(Buffer.from([octet]));
    expect(await call).toBe("hello");
  });

  it("of a call that was given up is dropped, and what comes after it is understood", async () => {
    const stop = new AbortController();
    const given = soon(ask("hi", { signal: stop.signal }));
    await server.frame(data);
    stop.abort();
    await given;
    expect(await server.frame(reset)).toMatchObject({ stream: 1, payload: numbers(8) });
    const next = ask();
    await server.frame(headers, ({ stream }) => stream === 3);
    // An entry of the table that the dropped answer adds and the next one uses.
    const adding = Buffer.from("\x88\x5f\x10application/grpc", "latin1");
    server.send(
      rawFrame(headers, endHeaders, 1, adding),
      rawFrame(data, endStream, 1, framed("late")),
      rawFrame(headers, endHeaders, 3, Buffer.from([0x88, 0xbe])),
      rawFrame(data, 0, 3, framed("hello")),
      rawFrame(headers, endHeaders | endStream, 3, good),
    );
    expect(await next).toBe("hello");
    expect(server.accepted).toBe(1);
  });

  it("at a goodbye that takes no call at all, none was carried out", async () => {
    const call = soon(ask());
    await server.frame(data);
    server.send(rawFrame(goaway, 0, 0, numbers(0, 0)));
    expect(await call).toMatchObject({ kind: "status", status: 14, sent: false });
  });

  it("at a goodbye the calls that the server did not take are known not to be carried out", async () => {
    const calls = [ask(), ask()];
    const outcomes = Promise.allSettled(calls);
    await server.frame(data, ({ stream }) => stream === 3);
    server.send(rawFrame(goaway, 0, 0, numbers(1, 0)), ...answerTo(1, "hello"));
    expect(await outcomes).toMatchObject([
      { status: "fulfilled", value: "hello" },
      { status: "rejected", reason: { kind: "status", status: 14, sent: false } },
    ]);
  });

  const malformed: readonly (readonly [string, readonly Buffer[]])[] = [
    ["no status", [rawFrame(headers, endHeaders, 1, good)]],
    ["data before headers", [rawFrame(data, 0, 1, framed("hello"))]],
    [
      "headers between the data and its end",
      [...answerTo(1, "hello").slice(0, 2), rawFrame(headers, endHeaders, 1, good)],
    ],
    [
      "capitals in a name",
      [rawFrame(headers, endHeaders, 1, Buffer.concat([head, Buffer.from("\x00\x01A\x011", "latin1")]))],
    ],
  ];
  it.each(malformed)("is no answer with %s: the call fails, the connection stays", async (_what, frames) => {
    const call = ask();
    await server.frame(headers);
    server.send(...frames);
    await expect(call).rejects.toMatchObject({ kind: "status", status: 13, sent: true });
    expect(await server.frame(reset)).toMatchObject({ stream: 1, payload: numbers(1) });
    const next = ask();
    await server.frame(headers, ({ stream }) => stream === 3);
    server.send(...answerTo(3, "hello"));
    expect(await next).toBe("hello");
    expect(server.accepted).toBe(1);
  });
});

describe("a server that breaks the rules is left, and told why", () => {
  const broken: readonly (readonly [string, number, readonly Buffer[]])[] = [
    ["pushes", 1, [rawFrame(push, endHeaders, 1, numbers(2))]],
    ["answers what nobody asked", 1, answerTo(7, "hello")],
    ["answers on a stream of its own", 1, answerTo(2, "hello")],
    ["says something else amid headers", 1, [rawFrame(headers, 0, 1, head), rawFrame(ping, 0, 0, "12345678")]],
    ["goes on with headers that did not begin", 1, [rawFrame(continuation, endHeaders, 1, head)]],
    [
      "sends headers without an end",
      1,
      [rawFrame(headers, 0, 1, head), ...Array.from({ length: 70 }, () => rawFrame(continuation, 0, 1))],
    ],
    ["sends nothing but padding", 1, [rawFrame(data, 8, 1, Buffer.from([9]))]],
    ["gives a window too large", 3, [rawFrame(windowUpdate, 0, 0, numbers(0x7fff_ffff))]],
    ["gives a window of nothing", 3, [rawFrame(windowUpdate, 0, 0, numbers(0))]],
    ["sets a window too large", 3, [rawFrame(settings, 0, 0, settingOf(4, 0x8000_0000))]],
    ["sends settings cut off", 6, [rawFrame(settings, 0, 0, "12345")]],
    ["sends a PING of a wrong size", 6, [rawFrame(ping, 0, 0, "1")]],
    ["sends a window of a wrong size", 6, [rawFrame(windowUpdate, 0, 0, "1")]],
    ["says goodbye in too few words", 6, [rawFrame(goaway, 0, 0, "1")]],
    ["sends a frame that is too long", 6, [rawFrame(data, 0, 1, Buffer.alloc(16_385))]],
    [
      "sends headers that cannot be read",
      9,
      [rawFrame(headers, endHeaders, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))],
    ],
  ];
  it.each(broken)("when it %s", async (_what, code, frames) => {
    const call = ask();
    const outcome = soon(call);
    await server.frame(headers);
    server.send(...frames);
    expect(await outcome).toMatchObject({ kind: "unreachable", sent: true });
    expect((await server.frame(goaway)).payload.readUInt32BE(4)).toBe(code);
    const next = ask();
    await until(() => server.accepted === 2);
    await server.frame(headers);
    server.send(...answerTo(1, "hello"));
    expect(await next).toBe("hello");
  });

  it.each([
    ["something else", rawFrame(ping, 0, 0, "12345678")],
    ["text", Buffer.from("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")],
  ])("when it begins with %s, before anything was asked", async (_what, greeting) => {
    server.greeting = greeting;
    await expect(ask()).rejects.toMatchObject({ kind: "unreachable", sent: false });
    expect(server.frames.filter(({ type }) => type === headers)).toHaveLength(0);
  });

  it("when it ends the connection with an error", async () => {
    const call = ask();
    const outcome = soon(call);
    await server.frame(headers);
    server.send(rawFrame(goaway, 0, 0, numbers(1, 11)));
    expect(await outcome).toMatchObject({ kind: "unreachable", sent: true });
  });
});
