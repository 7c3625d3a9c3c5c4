import { createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallOptions } from "../../../src/etcd/transport/call.js";
import { Connection } from "../../../src/etcd/transport/connection.js";
import type { CallStream } from "../../../src/etcd/transport/http2.js";
import { nodeHttp2 } from "../../../src/etcd/transport/node-http2.js";
import { serverStream } from "../../../src/etcd/transport/streaming.js";
import { unary } from "../../../src/etcd/transport/unary.js";
import { answer, fakeGrpcServer, framed, type FakeGrpcServer } from "../../support/fake-grpc-server.js";
import { freePorts } from "../../support/free-ports.js";
import { tcpProxy, type TcpProxy } from "../../support/tcp-proxy.js";
import { until } from "../../support/until.js";
import { bothHttp2 } from "./both-http2.js";
import { textMethod } from "./text-method.js";

let server: FakeGrpcServer;
let proxy: TcpProxy;
let connection: Connection<CallStream>;

/** Quick, so that tests are; the proportions are those of the defaults. */
const patience = { connect: 300, keepalive: 400, answer: 300 };

const say = (options: CallOptions = {}): Promise<string> =>
  unary(connection, textMethod, "hi", { deadline: 5000, ...options });

beforeEach(async () => {
  server = await fakeGrpcServer((stream) => answer(stream, ["hello"]));
  proxy = await tcpProxy(server.port);
});
afterEach(async () => {
  await proxy.close();
  await server.close();
});

describe.each(bothHttp2)("over %s,", (_name, http2) => {
  beforeEach(() => {
    connection = new Connection(`http://127.0.0.1:${proxy.port}`, { tls: async () => undefined, patience }, http2);
  });
  afterEach(() => connection.close());

  describe("connecting", () => {
    it("happens at the first call, once for all calls that wait", async () => {
      expect(proxy.accepted).toBe(0);
      await Promise.all([say(), say(), say()]);
      expect(proxy.accepted).toBe(1);
    });

    it("to a port where nobody listens is refused, and nothing was sent", async () => {
      const [port] = await freePorts(1);
      const nobody = new Connection(`http://127.0.0.1:${port}`, { tls: async () => undefined }, http2);
      await expect(unary(nobody, textMethod, "hi", { deadline: 5000 })).rejects.toMatchObject({
        kind: "refused",
        sent: false,
      });
      await nobody.close();
    });

    it("to a black hole is given up, and later calls recover when it heals", async () => {
      proxy.mode = "hold";
      await expect(say()).rejects.toMatchObject({ kind: "unreachable", sent: false });
      await expect(say()).rejects.toMatchObject({ kind: "unreachable", sent: false });
      proxy.mode = "pass";
      expect(await say()).toBe("hello");
    });

    it("goes on when a call's deadline ends first, and later calls join it", async () => {
      proxy.mode = "hold";
      await expect(say({ deadline: 50 })).rejects.toMatchObject({ kind: "deadline", sent: false });
      await expect(say({ deadline: 50 })).rejects.toMatchObject({ kind: "deadline", sent: false });
      expect(proxy.accepted).toBe(1);
    });

    it("to what does not speak HTTP/2 fails", async () => {
      const open = new Set<Socket>();
      const web = createServer((socket) => {
        open.add(socket.on("error", () => undefined));
        socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      });
      await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
      const address = web.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const wrong = new Connection(`http://127.0.0.1:${port}`, { tls: async () => undefined, patience }, http2);
      await expect(unary(wrong, textMethod, "hi", { deadline: 5000 })).rejects.toMatchObject({
        kind: "unreachable",
        sent: false,
      });
      await wrong.close();
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => web.close(resolve));
    });

    it("is over after close", async () => {
      await say();
      await connection.close();
      await expect(say()).rejects.toMatchObject({ kind: "unreachable", sent: false });
    });
  });

  describe("a server that says goodbye (GOAWAY)", () => {
    it("finishes the open call and gets no new one on that session", async () => {
      server.handler = (stream) => {
        stream.session?.goaway(0);
        setTimeout(() => answer(stream, ["late"]), 50);
      };
      const open = say();
      await until(() => server.requests.length === 1);
      expect(await open).toBe("late");
      server.handler = (stream) => answer(stream, ["hello"]);
      expect(await say()).toBe("hello");
      expect(proxy.accepted).toBe(2);
    });
  });

  describe("a connection that breaks", () => {
    it("fails the open calls, which may have been carried out, and the next call opens another", async () => {
      server.handler = () => undefined;
      const open = [say(), say()];
      const outcomes = Promise.allSettled(open);
      await until(() => server.requests.length === 2);
      proxy.reset();
      for (const outcome of await outcomes) {
        expect(outcome).toMatchObject({ status: "rejected", reason: { kind: "unreachable", sent: true } });
      }
      server.handler = (stream) => answer(stream, ["hello"]);
      expect(await say()).toBe("hello");
      expect(server.requests).toHaveLength(3);
    });
  });

  describe("a server that falls silent", () => {
    it("is noticed by the first call that meets its deadline, and later calls recover when it heals", async () => {
      await say();
      proxy.mode = "hold";
      await expect(say({ deadline: 100 })).rejects.toMatchObject({ kind: "deadline", sent: true });
      await until(() => connection.ready === undefined);
      await expect(say()).rejects.toMatchObject({ kind: "unreachable", sent: false });
      proxy.mode = "pass";
      expect(await say()).toBe("hello");
    });

    it("for less than the probe's patience keeps its session", async () => {
      await say();
      proxy.mode = "hold";
      await expect(say({ deadline: 50 })).rejects.toMatchObject({ kind: "deadline" });
      proxy.mode = "pass";
      expect(await say()).toBe("hello");
      expect(proxy.accepted).toBe(1);
    });

    it("while nothing was asked of it does not cost the next call anything but a new connection", async () => {
      await say();
      proxy.strand();
      // Long enough in silence that the session is asked for a sign of life before a call is put on it.
      await until(() => connection.ready === undefined);
      expect(await say()).toBe("hello");
      expect(proxy.accepted).toBe(2);
      expect(server.requests).toHaveLength(2);
    });
  });
});

describe("a stream", () => {
  let streaming: Connection;
  beforeEach(() => {
    streaming = new Connection(`http://127.0.0.1:${proxy.port}`, { tls: async () => undefined, patience }, nodeHttp2);
  });
  afterEach(() => streaming.close());

  it("fails in the middle when the connection breaks", async () => {
    server.handler = (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      stream.write(framed("a"));
    };
    const messages = serverStream(streaming, textMethod, "hi", {});
    expect((await messages.next()).value).toBe("a");
    proxy.reset();
    await expect(messages.next()).rejects.toMatchObject({ kind: "unreachable" });
  });

  it("without a deadline fails when the server falls silent", async () => {
    server.handler = (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      stream.write(framed("a"));
    };
    const messages = serverStream(streaming, textMethod, "hi", {});
    await messages.next();
    proxy.mode = "hold";
    await expect(messages.next()).rejects.toMatchObject({ kind: "unreachable", sent: true });
  });

  it("of a quiet but living server stays open", async () => {
    server.handler = (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      setTimeout(() => stream.write(framed("late")), 3 * (patience.keepalive + patience.answer));
    };
    const messages = serverStream(streaming, textMethod, "hi", {});
    expect((await messages.next()).value).toBe("late");
    await messages.return();
  });
});
