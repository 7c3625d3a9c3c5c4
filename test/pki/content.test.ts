/** The content of our certificates, in openssl's words. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuthority } from "../../src/pki/open-authority.js";
import type { KeyAlgorithm } from "../../src/spec/spec.js";
import { endpoint, exampleMember, exampleSpec } from "./example-spec.js";
import { describe, openssl, verify } from "./openssl.js";
import { testFolder } from "./test-folder.js";

const algorithms: readonly [KeyAlgorithm, string, string][] = [
  ["ecdsa-p256", "NIST CURVE: P-256", "ecdsa-with-SHA256"],
  ["ecdsa-p384", "NIST CURVE: P-384", "ecdsa-with-SHA384"],
  ["ed25519", "ED25519", "ED25519"],
  ["rsa-2048", "(2048 bit)", "sha256WithRSAEncryption"],
  ["rsa-3072", "(3072 bit)", "sha256WithRSAEncryption"],
  ["rsa-4096", "(4096 bit)", "sha256WithRSAEncryption"],
];

test.each(algorithms)(
  "%s: openssl verifies every certificate strictly for its purpose",
  async (algorithm, key, signature) => {
    const folder = testFolder();
    const authority = openAuthority(exampleSpec(folder, { algorithm }));
    await Promise.all([authority.issue("kube-node1"), authority.client()]);
    const pki = join(folder, "pki");
    const ca = readFileSync(join(pki, "ca.pem"), "utf8");
    const live = join(pki, "members", "kube-node1", "live");
    for (const name of ["server", "peer"]) {
      const pem = readFileSync(join(live, `${name}.pem`), "utf8");
      expect(verify(folder, "sslserver", ca, pem)).toBe("leaf.pem: OK");
      expect(verify(folder, "sslclient", ca, pem)).toBe("leaf.pem: OK");
      expect(describe(pem)).toContain(key);
      expect(describe(pem)).toContain(`Signature Algorithm: ${signature}`);
      const fromKey = openssl(folder, "pkey", "-in", join(live, `${name}-key.pem`), "-pubout");
      expect(openssl(folder, "x509", "-in", join(live, `${name}.pem`), "-noout", "-pubkey")).toBe(fromKey);
    }
    for (const name of ["root", "probe"]) {
      const pem = readFileSync(join(pki, "client", "live", `${name}.pem`), "utf8");
      expect(verify(folder, "sslclient", ca, pem)).toBe("leaf.pem: OK");
      expect(verify(folder, "sslserver", ca, pem)).toContain("unsuitable certificate purpose");
    }
  },
  120_000,
);

async function issued(
  tls: Parameters<typeof exampleSpec>[1] = {},
  member = exampleMember("a", "10.64.3.7"),
): Promise<{
  ca: string;
  server: string;
  peer: string;
  root: string;
  probe: string;
}> {
  const folder = testFolder();
  const authority = openAuthority(exampleSpec(folder, tls, { members: [member] }));
  await Promise.all([authority.issue(member.name), authority.client()]);
  const read = (...path: string[]): string => describe(readFileSync(join(folder, "pki", ...path), "utf8"));
  return {
    ca: read("ca.pem"),
    server: read("members", member.name, "live", "server.pem"),
    peer: read("members", member.name, "live", "peer.pem"),
    root: read("client", "live", "root.pem"),
    probe: read("client", "live", "probe.pem"),
  };
}

/** The line after a heading of openssl's text. */
const under = (text: string, heading: string): string =>
  new RegExp(`${heading}.*\\n\\s*(.*)`).exec(text)?.[1]?.trim() ?? "absent";

test("the CA signs leaves and nothing below them", async () => {
  const { ca } = await issued();
  expect(ca).toContain("Subject: CN=demo etcd CA,OU=System,O=k8s,C=JP");
  expect(under(ca, "Basic Constraints: critical")).toBe("CA:TRUE, pathlen:0");
  expect(under(ca, "Key Usage: critical")).toBe("Certificate Sign, CRL Sign");
  expect(ca).toContain("X509v3 Subject Key Identifier");
});

test("a server certificate names its member and its addresses, loopback included, and may be a client", async () => {
  const { server } = await issued({ sans: ["etcd.example.org", "*.etcd.example.org", "192.0.2.1"] });
  expect(server).toContain("Subject: CN=a,OU=System,O=k8s,C=JP");
  expect(under(server, "Extended Key Usage")).toBe("TLS Web Server Authentication, TLS Web Client Authentication");
  expect(under(server, "Alternative Name")).toBe(
    "IP Address:10.64.3.7, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, " +
      "DNS:etcd.example.org, DNS:*.etcd.example.org, IP Address:192.0.2.1",
  );
  expect(under(server, "Basic Constraints: critical")).toBe("CA:FALSE");
  expect(under(server, "Key Usage: critical")).toBe("Digital Signature");
  expect(server).toContain("X509v3 Authority Key Identifier");
});

test("a peer certificate has the peers' CN and only the member's own addresses", async () => {
  const { peer } = await issued({ sans: ["etcd.example.org"] });
  expect(peer).toContain("Subject: CN=demo-peer,");
  expect(under(peer, "Extended Key Usage")).toBe("TLS Web Server Authentication, TLS Web Client Authentication");
  expect(under(peer, "Alternative Name")).toBe("IP Address:10.64.3.7");
});

test("with two networks the peer certificate covers both, since either can be the source of a connection", async () => {
  const member = exampleMember("a", "10.64.3.7", {
    peer: endpoint("fd00::7", 2380),
    client: endpoint("a.example.org", 2379, ["10.64.3.7", "127.0.0.1"]),
  });
  const { server, peer } = await issued({}, member);
  expect(under(peer, "Alternative Name")).toBe("IP Address:FD00:0:0:0:0:0:0:7, DNS:a.example.org");
  expect(under(server, "Alternative Name")).toContain("DNS:a.example.org, IP Address:10.64.3.7, DNS:localhost");
});

test("a member that binds every address is named by what it advertises", async () => {
  const member = exampleMember("a", "fd00::7", {
    client: endpoint("fd00::7", 2379, ["::", "::1"]),
    peer: endpoint("fd00::7", 2380, ["::"]),
  });
  const { server, peer } = await issued({}, member);
  expect(under(server, "Alternative Name")).not.toMatch(/0:0:0:0:0:0:0:0|0\.0\.0\.0/);
  expect(under(peer, "Alternative Name")).toBe("IP Address:FD00:0:0:0:0:0:0:7");
});

test("a peer on loopback is known by all of loopback's names", async () => {
  const { peer } = await issued({}, exampleMember("a", "127.0.0.1"));
  expect(under(peer, "Alternative Name")).toBe("IP Address:127.0.0.1, DNS:localhost, IP Address:0:0:0:0:0:0:0:1");
});

test("the root client and the probe are clients only and have no names", async () => {
  const { root, probe } = await issued();
  expect(root).toContain("Subject: CN=root,");
  expect(probe).toContain("Subject: CN=demo-peer,");
  for (const client of [root, probe]) {
    expect(under(client, "Extended Key Usage")).toBe("TLS Web Client Authentication");
    expect(client).not.toContain("Alternative Name");
  }
});

test("RSA certificates may also encipher keys", async () => {
  const { server } = await issued({ algorithm: "rsa-2048" });
  expect(under(server, "Key Usage: critical")).toBe("Digital Signature, Key Encipherment");
}, 60_000);

test("serials are positive, long and never repeat", async () => {
  const texts = Object.values(await issued());
  const serials = texts.map((text) => under(text, "Serial Number:").replaceAll(":", ""));
  expect(new Set(serials).size).toBe(texts.length);
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{35}$/);
});

test("a CA of 876000 hours ends in the next century, written so that openssl reads it", async () => {
  const folder = testFolder();
  const authority = openAuthority(exampleSpec(folder, { caDays: 36_500, leafDays: 36_000 }), {
    clock: { now: () => Date.UTC(2026, 0, 1) },
  });
  await authority.issue("kube-node1");
  const text = describe(readFileSync(join(folder, "pki", "ca.pem"), "utf8"));
  expect(text).toContain("Not Before: Dec 31 23:50:00 2025 GMT");
  expect(text).toContain("Not After : Dec  8 00:00:00 2125 GMT");
  const leaf = readFileSync(join(folder, "pki", "members", "kube-node1", "live", "server.pem"), "utf8");
  expect(describe(leaf)).toContain("Not After : Jul 26 00:00:00 2124 GMT");
  const tbs = openssl(folder, "asn1parse", "-in", join(folder, "pki", "ca.pem"));
  expect(tbs).toMatch(/UTCTIME\s+:251231235000Z/);
  expect(tbs).toMatch(/GENERALIZEDTIME\s+:21251208000000Z/);
});

test("subject fields stay what they are, whatever characters they have", async () => {
  const { ca } = await issued({
    subject: { C: "JP", ST: "東京", L: "#0a0b", O: 'A "quoted\\" + name, Ltd=1', OU: "" },
  });
  expect(ca).toContain('Subject: CN=demo etcd CA,O=A \\"quoted\\\\\\" \\+ name\\, Ltd=1,L=\\#0a0b,ST=東京,C=JP');
});
