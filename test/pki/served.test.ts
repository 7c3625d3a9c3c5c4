/** Our certificates in real TLS handshakes, and what a listener shows to somebody who looks. */
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { connect, createServer, type TlsOptions } from "node:tls";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ClientIdentity } from "../../src/pki/authority.js";
import { inspectPem } from "../../src/pki/inspect.js";
import { openAuthority } from "../../src/pki/open-authority.js";
import { servedCertificate } from "../../src/pki/served.js";
import type { KeyAlgorithm } from "../../src/spec/spec.js";
import { exampleMember, exampleSpec } from "./example-spec.js";
import { opensslCa, opensslLeaf } from "./openssl.js";
import { testFolder } from "./test-folder.js";

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A listener that wants a client certificate, as etcd's does. */
async function tlsPort(options: TlsOptions): Promise<number> {
  const server = createServer({ requestCert: true, rejectUnauthorized: true, ...options }, (socket) =>
    socket.end("hello"),
  );
  server.on("tlsClientError", () => undefined);
  return listen(server);
}

const member = exampleMember("a", "127.0.0.1");

async function authorityOn(
  folder: string,
  algorithm: KeyAlgorithm = "ecdsa-p256",
): Promise<{
  server: { cert: string; key: string; ca: string };
  client: ClientIdentity;
}> {
  const authority = openAuthority(exampleSpec(folder, { algorithm }, { members: [member] }));
  const [, client] = await Promise.all([authority.issue("a"), authority.client()]);
  const read = (name: string): string => readFileSync(join(folder, "pki", "members", "a", "live", name), "utf8");
  return { server: { cert: read("server.pem"), key: read("server-key.pem"), ca: read("ca.pem") }, client: client! };
}

/** What the server says to this client. */
function greeting(
  port: number,
  host: string,
  identity: Partial<ClientIdentity>,
  version: "TLSv1.2" | "TLSv1.3",
): Promise<string> {
  return new Promise((resolve, reject) => {
    const { ca, cert, key } = identity;
    const names = host === "localhost" ? { servername: host } : {};
    const socket = connect({ host, port, ca, cert, key, ...names, minVersion: version, maxVersion: version });
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    socket.once("end", () => (text === "" ? reject(new Error("closed without a word")) : resolve(text)));
    socket.once("error", reject);
  });
}

test.each<KeyAlgorithm>(["ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048"])(
  "%s: client and server trust each other under TLS 1.2 and 1.3, by address and by name",
  async (algorithm) => {
    const { server, client } = await authorityOn(testFolder(), algorithm);
    const port = await tlsPort(server);
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      expect(await greeting(port, "127.0.0.1", client, version)).toBe("hello");
      expect(await greeting(port, "localhost", client, version)).toBe("hello");
      await expect(greeting(port, "127.0.0.1", { ca: client.ca }, version)).rejects.toThrow();
    }
  },
  60_000,
);

test("a stranger's client certificate is refused, and so is a stranger's server", async () => {
  const { server, client } = await authorityOn(testFolder());
  const stranger = await authorityOn(testFolder());
  const port = await tlsPort(server);
  await expect(greeting(port, "127.0.0.1", { ...stranger.client, ca: client.ca }, "TLSv1.3")).rejects.toThrow();
  await expect(greeting(port, "127.0.0.1", { ...client, ca: stranger.client.ca }, "TLSv1.3")).rejects.toThrow(
    /self-signed|verify|certificate/,
  );
});

test("a listener's certificate is seen and judged", async () => {
  const { server, client } = await authorityOn(testFolder());
  const served = await servedCertificate("127.0.0.1", await tlsPort(server), client, 5000);
  expect(served).toMatchObject({ authorized: true, reason: undefined, protocol: "TLSv1.3" });
  expect(served.chain[0]).toBe(server.cert);
});

test("it is seen also without a client certificate, under TLS 1.2 too", async () => {
  const { server } = await authorityOn(testFolder());
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    const served = await servedCertificate("127.0.0.1", await tlsPort({ ...server, maxVersion }), undefined, 5000);
    expect(served.authorized).toBe(false);
    expect(served.reason).not.toBeUndefined();
    expect(served.chain[0]).toBe(server.cert);
  }
});

test("it is seen also when it names another address, and the reason says so", async () => {
  const folder = testFolder();
  opensslCa(folder, "ca");
  const leaf = opensslLeaf(folder, "ca", "elsewhere", { names: "IP:192.0.2.1" });
  const read = (path: string): string => readFileSync(path, "utf8");
  const ca = read(join(folder, "ca.pem"));
  const port = await tlsPort({ cert: read(leaf.cert), key: read(leaf.key), ca, requestCert: false });
  const served = await servedCertificate("127.0.0.1", port, { ca }, 5000);
  expect(served).toMatchObject({ authorized: false, reason: expect.stringContaining("ALTNAME") });
  expect(inspectPem(served.chain[0]!)[0]).toMatchObject({ subject: "CN=elsewhere", sans: ["192.0.2.1"] });
  const other = await servedCertificate("127.0.0.1", port, undefined, 5000);
  expect(other).toMatchObject({ authorized: false, reason: expect.stringMatching(/UNABLE_TO_VERIFY|SELF_SIGNED/) });
});

test("a port that is closed, silent or no TLS gives a reason within the deadline", async () => {
  const silent = await listen(createTcpServer(() => undefined));
  expect(await servedCertificate("127.0.0.1", silent, undefined, 200)).toEqual({
    chain: [],
    authorized: false,
    reason: "no TLS answer within 200 ms",
    protocol: undefined,
  });
  const plain = await listen(createTcpServer((socket) => socket.end("220 ready\r\n")));
  expect(await servedCertificate("127.0.0.1", plain, undefined, 5000)).toMatchObject({ chain: [], authorized: false });
  const closing = await listen(createTcpServer((socket) => socket.destroy()));
  expect((await servedCertificate("127.0.0.1", closing, undefined, 5000)).reason).toBeDefined();
  const gone = createTcpServer();
  const port = await listen(gone);
  await new Promise((resolve) => gone.close(resolve));
  expect((await servedCertificate("127.0.0.1", port, undefined, 5000)).reason).toContain("ECONNREFUSED");
});

test("the facts of a file's certificates, in order", async () => {
  const folder = testFolder();
  const ca = opensslCa(folder, "ca", ["-newkey", "rsa:2048", "-days", "400"]);
  const leaf = opensslLeaf(folder, "ca", "leaf", {
    names: "IP:10.64.3.7,IP:fd00::7,DNS:etcd.example.org,email:a@b.example",
    days: "30",
  });
  const text = readFileSync(leaf.cert, "utf8") + "a remark\n" + readFileSync(ca.cert, "utf8");
  const now = Date.now();
  const [first, second] = inspectPem(text, "both.pem", now + 40 * 24 * 60 * 60 * 1000);
  expect(first).toMatchObject({
    subject: "CN=leaf",
    issuer: "C=JP, O=k8s, CN=ca",
    sans: ["10.64.3.7", "fd00::7", "etcd.example.org", "a@b.example"],
    usages: ["serverAuth", "clientAuth"],
    key: "ECDSA P-256",
    isCA: false,
  });
  expect(first?.daysLeft).toBeLessThan(-9);
  expect(first?.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect(second).toMatchObject({ key: "RSA 2048", isCA: true, usages: [], sans: [] });
  expect(Date.parse(second!.notAfter) - Date.parse(second!.notBefore)).toBe(400 * 24 * 60 * 60 * 1000);
  expect(() => inspectPem("nothing", "x.pem")).toThrow(/x\.pem: holds no certificate/);
});
