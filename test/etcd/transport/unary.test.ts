import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EtcdError } from "../../../src/etcd/cluster.js";
import { Connection } from "../../../src/etcd/transport/connection.js";
import type { CallStream } from "../../../src/etcd/transport/http2.js";
import { unary } from "../../../src/etcd/transport/unary.js";
import type { CallOptions } from "../../../src/etcd/transport/call.js";
import { answer, fakeGrpcServer, framed, type FakeGrpcServer } from "../../support/fake-grpc-server.js";
import { bothHttp2 } from "./both-http2.js";
import { textMethod } from "./text-method.js";

let server: FakeGrpcServer;
let connection: Connection<CallStream>;

const say = (options: CallOptions = {}): Promise<string> =>
  unary(connection, textMethod, "hi", { deadline: 5000, ...options });

async function failureOf(promise: Promise<unknown>): Promise<EtcdError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof EtcdError) return error;
  throw new Error(`expected an EtcdError, got ${String(error)}`);
}

describe.each(bothHttp2)("over %s,", (_name, http2) => {
  beforeEach(async () => {
    server = await fakeGrpcServer((stream) => answer(stream, ["hello"]));
    connection = new Connection(server.url, { tls: async () => undefined, maxMessageBytes: 100 }, http2);
  });
  afterEach(async () => {
    await connection.close();
    await server.close();
  });

  describe("a unary call", () => {
    it("sends one framed message and gives back the answer", async () => {
      const received: Buffer[] = [];
      server.handler = (stream) => {
        stream.on("data", (chunk: Buffer) => received.push(chunk));
        stream.on("end", () => answer(stream, ["hello"]));
      };
      expect(await say({ metadata: { token: "t" } })).toBe("hello");
      expect(Buffer.concat(received)).toEqual(framed("hi"));
      expect(server.requests[0]).toMatchObject({
        ":method": "POST",
        ":path": "/test.Text/Say",
        "content-type": "application/grpc",
        te: "trailers",
        token: "t",
      });
    });

    it("shares one session with the calls before and beside it", async () => {
      await Promise.all([say(), say(), say()]);
      await say();
      expect(server.sessions).toHaveLength(1);
    });

    it("fails with the status of the trailers", async () => {
      server.handler = (stream) => answer(stream, [], 9, "etcdserver: not%20leader");
      expect(await failureOf(say())).toMatchObject({
        kind: "status",
        status: 9,
        message: "etcdserver: not leader",
        sent: true,
      });
    });

    it("fails with a status that comes in the headers, without trailers", async () => {
      server.handler = (stream) =>
        stream.respond(
          { ":status": 200, "content-type": "application/grpc", "grpc-status": "14", "grpc-message": "no leader" },
          { endStream: true },
        );
      expect(await failureOf(say())).toMatchObject({ kind: "status", status: 14, message: "no leader" });
    });

    it("takes the server's own DEADLINE_EXCEEDED for a deadline", async () => {
      server.handler = (stream) => answer(stream, [], 4, "context deadline exceeded");
      expect(await failureOf(say())).toMatchObject({ kind: "deadline", status: 4 });
    });

    it.each([
      ["an HTTP error", 503, "text/plain", 14],
      ["a web server", 200, "text/html", 2],
    ])("fails at %s", async (_, status, type, code) => {
      server.handler = (stream) => {
        stream.respond({ ":status": status, "content-type": type });
        stream.end("<html>");
      };
      expect(await failureOf(say())).toMatchObject({ kind: "status", status: code });
    });

    it.each([
      ["no message", []],
      ["two messages", ["a", "b"]],
      ["what cannot be decoded", ["broken"]],
    ])("fails at %s in a good answer", async (_, messages) => {
      server.handler = (stream) => answer(stream, messages);
      expect(await failureOf(say())).toMatchObject({ kind: "status", status: 13 });
    });

    it("fails at a message that is cut off", async () => {
      server.handler = (stream) => {
        stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
        stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        stream.end(framed("hello").subarray(0, 7));
      };
      expect(await failureOf(say())).toMatchObject({ kind: "status", status: 13 });
    });

    it("fails at an end without a status", async () => {
      server.handler = (stream) => {
        stream.respond({ ":status": 200, "content-type": "application/grpc" });
        stream.end(framed("hello"));
      };
      expect(await failureOf(say())).toMatchObject({ kind: "status", status: 2 });
    });

    it("refuses a message over the limit and cancels the call", async () => {
      const closed = new Promise<number>((resolve) => {
        server.handler = (stream) => {
          stream.once("close", () => resolve(stream.rstCode));
          stream.respond({ ":status": 200, "content-type": "application/grpc" });
          stream.write(framed("x".repeat(101)));
        };
      });
      expect(await failureOf(say())).toMatchObject({ kind: "status", status: 8 });
      expect(await closed).toBe(8);
    });

    it.each([
      ["refuses the stream", 7, 14, false],
      ["breaks inside", 2, 13, true],
      ["wants calm", 11, 8, true],
    ])("tells a server that %s", async (_, http2, status, sent) => {
      server.handler = (stream) => stream.close(http2);
      expect(await failureOf(say())).toMatchObject({ kind: "status", status, sent });
    });

    it("is never made twice", async () => {
      server.handler = (stream) => answer(stream, [], 14, "unavailable");
      await failureOf(say());
      expect(server.requests).toHaveLength(1);
    });
  });

  describe("the deadline", () => {
    it("is told to the server and kept here", async () => {
      const closed = new Promise<number>((resolve) => {
        server.handler = (stream) => stream.once("close", () => resolve(stream.rstCode));
      });
      expect(await failureOf(say({ deadline: 150 }))).toMatchObject({
        kind: "deadline",
        status: undefined,
        sent: true,
      });
      expect(Number(/^(\d+)m$/.exec(String(server.requests[0]?.["grpc-timeout"]))?.[1])).toBeLessThanOrEqual(150);
      expect(await closed).toBe(8);
    });

    it("does not end the session of the other calls", async () => {
      await say();
      server.handler = () => undefined;
      await failureOf(say({ deadline: 50 }));
      server.handler = (stream) => answer(stream, ["hello"]);
      await say();
      expect(server.sessions).toHaveLength(1);
    });
  });

  describe("an abort signal", () => {
    it("that fired before means that nothing is sent", async () => {
      const error = await failureOf(say({ signal: AbortSignal.abort("enough") }));
      expect(error).toMatchObject({ kind: "status", status: 1, sent: false, cause: "enough" });
      expect(server.requests).toHaveLength(0);
    });

    it("cancels a call under way", async () => {
      const controller = new AbortController();
      const closed = new Promise<number>((resolve) => {
        server.handler = (stream) => {
          stream.once("close", () => resolve(stream.rstCode));
          controller.abort();
        };
      });
      expect(await failureOf(say({ signal: controller.signal }))).toMatchObject({ status: 1, sent: true });
      expect(await closed).toBe(8);
    });
  });
});
