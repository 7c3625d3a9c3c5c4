/** The real etcd on our certificates. */
import { execFileSync } from "node:child_process";
import { request } from "node:https";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ClientIdentity } from "../../src/pki/authority.js";
import { issueClient } from "../../src/pki/issue-client.js";
import { issuedClients } from "../../src/pki/issued-clients.js";
import { openAuthority, caOf } from "../../src/pki/open-authority.js";
import { revocationList, serialOf } from "../../src/pki/revocation.js";
import { servedCertificate } from "../../src/pki/served.js";
import type { KeyAlgorithm } from "../../src/spec/spec.js";
import { etcdFolder, testedVersions } from "../support/etcd-binaries.js";
import { httpStatus } from "../support/http-status.js";
import { until } from "../support/until.js";
import { testFolder } from "./test-folder.js";
import { loopbackSpec, trustedEtcd, type TrustedEtcd } from "./trusted-etcd.js";

const algorithms: readonly KeyAlgorithm[] = ["ecdsa-p256", "rsa-2048", "ed25519"];
const cases = testedVersions.flatMap((version) => algorithms.map((algorithm) => [version, algorithm] as const));

/** The plain etcdctl of the version, as an operator would use it. */
function etcdctl(version: string, etcd: TrustedEtcd, files: ClientIdentity["files"], ...args: string[]): string {
  const trust = [`--cacert=${files.ca}`, `--cert=${files.cert}`, `--key=${files.key}`];
  const endpoints = `--endpoints=${etcd.members.map(({ clientUrl }) => clientUrl).join(",")}`;
  const env = { PATH: "/usr/bin:/bin", ETCDCTL_API: "3" };
  return execFileSync(join(etcdFolder(version), "etcdctl"), [endpoints, ...trust, ...args], {
    env,
    encoding: "utf8",
    stdio: "pipe",
  });
}

/** What etcd's HTTP gateway answers to a range request. */
function gateway(url: string, client: ClientIdentity): Promise<number> {
  const body = JSON.stringify({ key: Buffer.from("k").toString("base64") });
  return new Promise((resolve, reject) => {
    const { ca, cert, key } = client;
    const sent = request(`${url}/v3/kv/range`, { method: "POST", ca, cert, key, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once("error", reject).end(body);
  });
}

test.each(cases)(
  "etcd %s with %s: members, etcdctl and gateway work; strangers and clients on the peer port do not",
  async (version, algorithm) => {
    const folder = testFolder();
    const etcd = await trustedEtcd(version, await loopbackSpec(folder, { algorithm }), folder);
    const { client, members } = etcd;
    expect(etcdctl(version, etcd, client.files, "put", "k", "v")).toBe("OK\n");
    expect(etcdctl(version, etcd, client.files, "endpoint", "health").match(/unhealthy/g)).toBeNull();
    const [first] = members;
    expect(await gateway(first!.clientUrl, client)).toBe(200);

    const { ca } = client;
    const strangers = await openAuthority(await loopbackSpec(testFolder(), { algorithm })).client();
    expect(await httpStatus(`${first!.clientUrl}/health`, { ...strangers!, ca })).toBe(0);
    expect(await httpStatus(`${first!.clientUrl}/health`, { ca, cert: "", key: "" })).toBe(0);

    expect(await httpStatus(`${first!.peerUrl}/version`, { ca, ...client.probe! })).toBe(200);
    expect(await httpStatus(`${first!.peerUrl}/version`, client)).toBe(0);
    const other = await issueClient(etcd.spec, "apiserver");
    const pair = { cert: readFileSync(other.files.cert, "utf8"), key: readFileSync(other.files.key, "utf8") };
    expect(await httpStatus(`${first!.clientUrl}/health`, { ca, ...pair })).toBe(200);
    expect(await httpStatus(`${first!.peerUrl}/version`, { ca, ...pair })).toBe(0);
  },
);

test.each(testedVersions)(
  "etcd %s: a renewed set is served from the next handshake on, without a restart",
  async (version) => {
    const folder = testFolder();
    const etcd = await trustedEtcd(version, await loopbackSpec(folder, {}, 1), folder);
    const { port } = etcd.spec.members[0]!.client;
    const served = async (): Promise<string | undefined> =>
      (await servedCertificate("127.0.0.1", port, etcd.client, 5000)).chain[0];
    const before = await served();
    const renewing = openAuthority({ ...etcd.spec, tls: { ...etcd.spec.tls!, sans: ["renewed.example.org"] } });
    await etcd.install("m1", await renewing.issue("m1"));
    const after = await served();
    expect(before).toBeDefined();
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
    expect(etcdctl(version, etcd, etcd.client.files, "put", "k", "v")).toBe("OK\n");
  },
);

test.each(testedVersions)(
  "etcd %s: a client on the DER revocation list is refused from the next handshake on",
  async (version) => {
    const folder = testFolder();
    const spec = await loopbackSpec(folder, {}, 1);
    const ca = caOf(spec, spec.tls!, {});
    const lost = await issueClient(spec, "lost");
    const listFile = join(folder, "crl.der");
    const now = Date.now();
    writeFileSync(listFile, await revocationList(ca, [], { now, days: 30, number: 1 }));
    const etcd = await trustedEtcd(version, spec, folder, [`--client-crl-file=${listFile}`]);
    expect(etcdctl(version, etcd, lost.files, "put", "k", "v")).toBe("OK\n");
    const entries = (await issuedClients(spec)).map(({ cert }) => ({ serial: serialOf(cert), at: now }));
    writeFileSync(listFile, await revocationList(ca, entries, { now, days: 30, number: 2 }));
    const identity = { ca: etcd.client.ca, cert: lost.cert, key: readFileSync(lost.files.key, "utf8") };
    await until(async () => (await httpStatus(`${etcd.members[0]!.clientUrl}/health`, identity)) === 0);
    expect(etcdctl(version, etcd, etcd.client.files, "put", "k", "v")).toBe("OK\n");
  },
);
