/** Keys that stay on the host: only a request travels, and only its key is believed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuthority } from "../../src/pki/open-authority.js";
import { makeRequest } from "../../src/pki/requests.js";
import { exampleSpec } from "./example-spec.js";
import { describe, openssl, verify } from "./openssl.js";
import { testFolder } from "./test-folder.js";

/** A request by openssl that asks for names and powers it must not get. */
function greedyRequest(folder: string, name: string, newkey: readonly string[]): string {
  const extensions = ["-addext", "subjectAltName=DNS:evil.example", "-addext", "basicConstraints=CA:TRUE"];
  const files = ["-keyout", `${name}-key.pem`, "-out", `${name}.csr`];
  openssl(folder, "req", "-new", "-nodes", ...newkey, "-subj", "/CN=root", ...extensions, ...files);
  return openssl(folder, "req", "-in", `${name}.csr`);
}

test.each([
  ["ecdsa-p256", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]],
  ["ecdsa-p384", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1"]],
  ["rsa-2048", ["-newkey", "rsa:2048"]],
  ["ed25519", ["-newkey", "ed25519"]],
])("openssl's %s requests are signed for their keys, and the names in them ignored", async (_name, newkey) => {
  const folder = testFolder();
  const authority = openAuthority(exampleSpec(folder));
  const request = { server: greedyRequest(folder, "server", newkey), peer: greedyRequest(folder, "peer", newkey) };
  const signed = await authority.sign("kube-node1", request);
  expect(verify(folder, "sslserver", signed.ca, signed.server)).toBe("leaf.pem: OK");
  expect(verify(folder, "sslclient", signed.ca, signed.peer)).toBe("leaf.pem: OK");
  writeFileSync(join(folder, "signed.pem"), signed.peer);
  expect(openssl(folder, "x509", "-in", "signed.pem", "-noout", "-pubkey")).toBe(
    openssl(folder, "pkey", "-in", "peer-key.pem", "-pubout"),
  );
  for (const pem of [signed.server, signed.peer]) {
    expect(describe(pem)).not.toContain("evil.example");
    expect(describe(pem)).toContain("CA:FALSE");
  }
  expect(describe(signed.peer)).toContain("CN=demo-peer,");
  const { ca, server, peer, generation } = signed;
  expect(authority.judge("kube-node1", { ca, server, peer }, Date.now())).toMatchObject({ state: "ok" });
  expect(generation).toMatch(/^[0-9a-f]{16}$/);
});

test("our own requests are read by openssl and by us", async () => {
  const folder = testFolder();
  for (const algorithm of ["ecdsa-p256", "rsa-2048", "ed25519"] as const) {
    const { request } = await makeRequest(algorithm, "kube-node1");
    writeFileSync(join(folder, "ours.csr"), request);
    expect(openssl(folder, "req", "-in", "ours.csr", "-noout", "-verify", "-subject")).toContain("CN = kube-node1");
    await openAuthority(exampleSpec(folder)).sign("kube-node1", { server: request, peer: request });
  }
});

test("a request that was altered, is garbage or for a weak key is refused", async () => {
  const folder = testFolder();
  const authority = openAuthority(exampleSpec(folder));
  const { request } = await makeRequest("ecdsa-p256", "kube-node1");
  const other = await makeRequest("ecdsa-p256", "kube-node1");
  const der = (pem: string): Buffer => Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
  const forged = Buffer.concat([der(request).subarray(0, -70), der(other.request).subarray(-70)]);
  const text = `-----BEGIN CERTIFICATE REQUEST-----\n${forged.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
  const refused = async (server: string): Promise<unknown> =>
    authority.sign("kube-node1", { server, peer: request }).catch((error: unknown) => error);
  expect(await refused(text)).toMatchObject({ code: "E_CSR" });
  expect(await refused("hello")).toMatchObject({
    code: "E_CSR",
    message: "the server request of kube-node1: cannot be read",
  });
  expect(await refused("")).toMatchObject({ code: "E_CSR" });
  const weak = greedyRequest(folder, "weak", ["-newkey", "rsa:1024"]);
  expect(await refused(weak)).toMatchObject({ code: "E_CERT_WEAK", details: { found: "RSA 1024" } });
});

test("signing leaves no key of the host's on this machine", async () => {
  const folder = testFolder();
  const authority = openAuthority(exampleSpec(folder));
  const { request } = await makeRequest("ecdsa-p256", "x");
  await authority.sign("kube-node1", { server: request, peer: request });
  expect(await authority.stored("kube-node1")).toBeUndefined();
});
