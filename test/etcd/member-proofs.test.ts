import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { memberProofs } from "../../src/etcd/member-proofs.js";
import { Connection } from "../../src/etcd/transport/connection.js";
import type { CallStream } from "../../src/etcd/transport/http2.js";
import { answer, fakeGrpcServer, type FakeGrpcServer } from "../support/fake-grpc-server.js";
import { bothHttp2 } from "./transport/both-http2.js";

const clock = vi.hoisted(() => ({ milliseconds: 0 }));
vi.mock("../../src/monotonic.js", () => ({ milliseconds: () => clock.milliseconds }));

const [connecting, answering] = [1_000, 5];
const through = async (): Promise<undefined> => void (clock.milliseconds += connecting);
let server: FakeGrpcServer;
let connection: Connection<CallStream>;

beforeEach(async () => {
  server = await fakeGrpcServer((stream) => {
    clock.milliseconds += answering;
    answer(stream, [""]);
  });
});
afterEach(async () => {
  await connection.close();
  await server.close();
});

it.each(bothHttp2)("over %s, a member's answer is timed without the connection that it takes", async (_name, http2) => {
  connection = new Connection(server.url, { tls: async () => undefined, through }, http2);
  const member = memberProofs(connection);
  const first = clock.milliseconds;
  expect((await member.status(5_000)).tookMilliseconds).toBe(answering);
  expect(clock.milliseconds - first).toBe(connecting + answering);
  expect((await member.proveQuorum(5_000)).tookMilliseconds).toBe(answering);
});

it.each(bothHttp2)("over %s, what connecting took is no longer there for the call", async (_name, http2) => {
  connection = new Connection(server.url, { tls: async () => undefined, through }, http2);
  expect(await connection.established(5_000)).toBe(5_000 - connecting);
  expect(await connection.established(5_000)).toBe(5_000);
});
