import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EtcdError } from "../../../src/etcd/cluster.js";
import { Connection } from "../../../src/etcd/transport/connection.js";
import type { TlsMaterial } from "../../../src/etcd/transport/dial.js";
import { unary } from "../../../src/etcd/transport/unary.js";
import { answer, fakeGrpcServer, type FakeGrpcServer } from "../../support/fake-grpc-server.js";
import { testAuthority, type PemPair, type TestAuthority } from "../../support/test-certificates.js";
import { bothHttp2 } from "./both-http2.js";
import { textMethod } from "./text-method.js";

let folder: string;
let authority: TestAuthority;
let client: PemPair;
let server: FakeGrpcServer | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quorate-tls-"));
  authority = testAuthority(folder);
  client = authority.issue("client", []);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const material = (): TlsMaterial => ({ ca: authority.ca, cert: client.cert, key: client.key });

async function serve(pair: PemPair): Promise<FakeGrpcServer> {
  server = await fakeGrpcServer((stream) => answer(stream, ["hello"]), { ...pair, ca: authority.ca });
  return server;
}

describe.each(bothHttp2)("mutual TLS over %s", (_name, http2) => {
  async function say(url: string, tls: () => Promise<TlsMaterial | undefined>): Promise<string> {
    const connection = new Connection(url, { tls }, http2);
    try {
      return await unary(connection, textMethod, "hi", { deadline: 5000 });
    } finally {
      await connection.close();
    }
  }

  it("verifies an IP address that is in the certificate", async () => {
    const { url } = await serve(authority.issue("ip", ["IP:127.0.0.1"]));
    expect(await say(url, async () => material())).toBe("hello");
  });

  it("refuses an IP address that is not", async () => {
    const { url } = await serve(authority.issue("other-ip", ["IP:127.0.0.2", "DNS:localhost"]));
    await expect(say(url, async () => material())).rejects.toMatchObject({
      kind: "tls",
      sent: false,
      cause: { code: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
  });

  it("verifies a host name", async () => {
    const { port } = await serve(authority.issue("name", ["DNS:localhost"]));
    expect(await say(`https://localhost:${port}`, async () => material())).toBe("hello");
    await expect(say(`https://127.0.0.1:${port}`, async () => material())).rejects.toMatchObject({ kind: "tls" });
  });

  it("refuses a server of another authority", async () => {
    const { url } = await serve(testAuthority(folder, "other-ca").issue("foreign"));
    await expect(say(url, async () => material())).rejects.toMatchObject({ kind: "tls", sent: false });
  });

  it("is refused by the server without a certificate, before anything is sent", async () => {
    const { url, requests } = await serve(authority.issue("server"));
    await expect(say(url, async () => ({ ca: authority.ca }))).rejects.toMatchObject({ kind: "tls", sent: false });
    expect(requests).toHaveLength(0);
  });

  it("is refused in the same words when it asks early, and does not know that nothing was heard", async () => {
    const { url, requests } = await serve(authority.issue("server"));
    const wordsOf = async (early: boolean): Promise<unknown> => {
      const connection = new Connection(url, { tls: async () => ({ ca: authority.ca }), early }, http2);
      const call = unary(connection, textMethod, "hi", { deadline: 5000 });
      const { kind, message, sent } = await call.then(
        () => expect.fail("it was heard"),
        (error: unknown) => error as EtcdError,
      );
      await connection.close();
      expect(sent).toBe(early);
      return { kind, message };
    };
    expect(await wordsOf(true)).toEqual(await wordsOf(false));
    expect(requests).toHaveLength(0);
  });

  it("asks for the certificates again at each new session", async () => {
    const { url, sessions } = await serve(authority.issue("server"));
    let asked = 0;
    const tls = async (): Promise<TlsMaterial> => {
      asked += 1;
      return material();
    };
    const connection = new Connection(url, { tls }, http2);
    try {
      await unary(connection, textMethod, "hi", { deadline: 5000 });
      await unary(connection, textMethod, "hi", { deadline: 5000 });
      expect(asked).toBe(1);
      await new Promise<void>((resolve) => {
        sessions[0]?.once("close", resolve);
        sessions[0]?.close();
      });
      await unary(connection, textMethod, "hi", { deadline: 5000 });
      expect(asked).toBe(2);
    } finally {
      await connection.close();
    }
  });

  it("fails with the reason when the certificates cannot be had or cannot be read", async () => {
    const { url } = await serve(authority.issue("server"));
    await expect(say(url, () => Promise.reject(new Error("no such file")))).rejects.toMatchObject({
      kind: "tls",
      sent: false,
    });
    await expect(say(url, async () => ({ cert: "nonsense", key: "nonsense" }))).rejects.toMatchObject({
      kind: "tls",
      sent: false,
    });
  });

  it("refuses a server that does not offer HTTP/2", async () => {
    const pair = authority.issue("http1");
    const plain = createServer({ cert: pair.cert, key: pair.key }, (socket) => socket.on("error", () => undefined));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const address = plain.address();
    const port = typeof address === "object" ? address?.port : undefined;
    await expect(say(`https://127.0.0.1:${port}`, async () => material())).rejects.toMatchObject({
      kind: "tls",
      sent: false,
    });
    await new Promise((resolve) => plain.close(resolve));
  });
});
