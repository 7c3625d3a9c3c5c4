import type { ServerHttp2Stream } from "node:http2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Connection } from "../../../src/etcd/transport/connection.js";
import { nodeHttp2 } from "../../../src/etcd/transport/node-http2.js";
import { BidiCall, serverStream } from "../../../src/etcd/transport/streaming.js";
import { answer, fakeGrpcServer, framed, type FakeGrpcServer } from "../../support/fake-grpc-server.js";
import { until } from "../../support/until.js";
import { textMethod } from "./text-method.js";

let server: FakeGrpcServer;
let connection: Connection;

beforeEach(async () => {
  server = await fakeGrpcServer((stream) => answer(stream, ["a", "b", "c"]));
  connection = new Connection(server.url, { tls: async () => undefined }, nodeHttp2);
});
afterEach(async () => {
  await connection.close();
  await server.close();
});

async function collect(messages: AsyncIterable<string>): Promise<string[]> {
  const seen: string[] = [];
  for await (const message of messages) seen.push(message);
  return seen;
}

const respond = (stream: ServerHttp2Stream): void =>
  stream.respond({ ":status": 200, "content-type": "application/grpc" });

describe("a server stream", () => {
  it("yields every message in order and ends with status 0", async () => {
    expect(await collect(serverStream(connection, textMethod, "hi", {}))).toEqual(["a", "b", "c"]);
  });

  it("throws the status that comes after the messages", async () => {
    server.handler = (stream) => answer(stream, ["a"], 11, "compacted");
    const seen: string[] = [];
    const reading = (async () => {
      for await (const message of serverStream(connection, textMethod, "hi", {})) seen.push(message);
    })();
    await expect(reading).rejects.toMatchObject({ kind: "status", status: 11, message: "compacted" });
    expect(seen).toEqual(["a"]);
  });

  it("throws when a message cannot be decoded", async () => {
    server.handler = (stream) => answer(stream, ["a", "broken"]);
    await expect(collect(serverStream(connection, textMethod, "hi", {}))).rejects.toMatchObject({ status: 13 });
  });

  it("is cancelled when the reader leaves the loop", async () => {
    const closed = new Promise<number>((resolve) => {
      server.handler = (stream) => {
        stream.once("close", () => resolve(stream.rstCode));
        respond(stream);
        stream.write(framed("a"));
      };
    });
    for await (const message of serverStream(connection, textMethod, "hi", {})) {
      expect(message).toBe("a");
      break;
    }
    expect(await closed).toBe(8);
  });

  it("ends at its deadline, in the middle too", async () => {
    server.handler = (stream) => {
      respond(stream);
      stream.write(framed("a"));
    };
    await expect(collect(serverStream(connection, textMethod, "hi", { deadline: 100 }))).rejects.toMatchObject({
      kind: "deadline",
    });
  });

  it("is cancelled by its signal", async () => {
    const controller = new AbortController();
    server.handler = (stream) => {
      respond(stream);
      stream.write(framed("a"));
    };
    const seen: string[] = [];
    const reading = (async () => {
      for await (const message of serverStream(connection, textMethod, "hi", { signal: controller.signal })) {
        seen.push(message);
        controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ kind: "status", status: 1 });
    expect(seen).toEqual(["a"]);
  });

  it("holds the server back while nobody reads", async () => {
    const message = "x".repeat(64 << 10);
    const total = 400;
    let written = 0;
    server.handler = (stream) => {
      respond(stream);
      stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      const more = (): void => {
        while (written < total) {
          written += 1;
          if (!stream.write(framed(message))) {
            stream.once("drain", more);
            return;
          }
        }
        stream.end();
      };
      more();
    };
    // Without waitForTrailers the stream ends without a status, which is of no interest here.
    const messages = serverStream(connection, textMethod, "hi", {});
    await messages.next();
    // Time in which an unbounded reader would have taken all 25 MiB over loopback.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(written).toBeLessThan(total / 2);
    let read = 1;
    await (async () => {
      for await (const _ of messages) read += 1;
    })().catch(() => undefined);
    expect(read).toBe(total);
  });
});

describe("a call where both sides talk", () => {
  it("sends and receives in turn", async () => {
    server.handler = (stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.on("data", (chunk: Buffer) => stream.write(framed(`you said ${chunk.subarray(5).toString()}`)));
      stream.on("end", () => stream.end());
    };
    const call = new BidiCall(connection, textMethod, {});
    const responses = call.responses();
    await call.send("one");
    expect((await responses.next()).value).toBe("you said one");
    await call.send("two");
    expect((await responses.next()).value).toBe("you said two");
    await call.end();
    expect((await responses.next()).done).toBe(true);
  });

  it("cannot be talked into after its end", async () => {
    server.handler = (stream) => answer(stream, [], 5, "gone");
    const call = new BidiCall(connection, textMethod, {});
    await call.send("one");
    await expect(collect(call.responses())).rejects.toMatchObject({ status: 5 });
    await expect(call.send("two")).rejects.toMatchObject({ status: 5, message: "gone" });
  });

  it("can be cancelled while it waits", async () => {
    server.handler = respond;
    const call = new BidiCall(connection, textMethod, {});
    const reading = collect(call.responses());
    await until(() => server.requests.length === 1);
    call.cancel();
    await expect(reading).rejects.toMatchObject({ kind: "status", status: 1 });
  });
});
