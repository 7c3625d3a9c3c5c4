import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPeerProbe, type PeerProbe } from "../../src/etcd/peer-probe.js";
import { freePorts } from "../support/free-ports.js";
import { tcpProxy, type TcpProxy } from "../support/tcp-proxy.js";

let server: Server;
let proxy: TcpProxy;
let probe: PeerProbe;
let status = 200;
let paths: (string | undefined)[];

beforeEach(async () => {
  status = 200;
  paths = [];
  server = createServer((request, response) => {
    paths.push(request.url);
    response.writeHead(status).end("[]");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  proxy = await tcpProxy(typeof address === "object" ? (address?.port ?? 0) : 0);
  probe = openPeerProbe(async () => undefined);
});
afterEach(async () => {
  probe.close();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

const serves = (deadline = 5000): Promise<boolean> => probe.serves(`http://127.0.0.1:${proxy.port}`, deadline);

describe("a peer listener", () => {
  it("serves when it answers /members", async () => {
    expect(await serves()).toBe(true);
    expect(paths).toEqual(["/members"]);
  });

  it.each([404, 500, 301])("does not serve when it answers %d", async (answer) => {
    status = answer;
    expect(await serves()).toBe(false);
  });

  it("does not serve when nobody listens", async () => {
    const [port] = await freePorts(1);
    expect(await probe.serves(`http://127.0.0.1:${port}`, 5000)).toBe(false);
  });

  it.each(["", "nonsense", "ftp://127.0.0.1:1", "https://127.0.0.1:1"])(
    "is not served at %j, which is no reason to throw",
    async (url) => {
      expect(await probe.serves(url, 5000)).toBe(false);
    },
  );

  it("is not served when the certificates cannot be had", async () => {
    const without = openPeerProbe(() => Promise.reject(new Error("no such file")));
    expect(await without.serves(`https://127.0.0.1:${proxy.port}`, 5000)).toBe(false);
  });

  it("that is open but not served yet is asked on one connection, however often the question comes", async () => {
    proxy.mode = "hold";
    for (let turn = 0; turn < 5; turn += 1) expect(await serves(20)).toBe(false);
    expect(proxy.accepted).toBe(1);
  });

  it("is asked anew after each answer", async () => {
    status = 503;
    expect(await serves()).toBe(false);
    status = 200;
    expect(await serves()).toBe(true);
    expect(paths).toHaveLength(2);
  });
});
