/** What the audit says because a cluster is to be taken over. The advice for any cluster has tests of its own. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { desk, type Desk, type How } from "./adopting.js";
import { unitFact, type ForeignHost } from "./foreign-world.js";
import { debian, kubespray, tutorial } from "./layouts.js";

let on: Desk;
beforeAll(() => {
  on = desk();
});
afterAll(() => on.remove());

const caKey: How = { trust: { cert: undefined, key: undefined, caKey: "ca-key.pem" } };
const unitPath = "/etc/systemd/system/etcd.service";

/** Advice with this ID: of whom, and what. */
async function said(id: string, hosts: readonly ForeignHost[], how?: How): Promise<string[]> {
  const { advice } = await on.adopt(hosts, how);
  return advice.filter((one) => one.id === id).map(({ member = "-", what }) => `${member}: ${what}`);
}
/** The second host otherwise than the others. */
const butSecond = (hosts: readonly ForeignHost[], change: (host: ForeignHost) => Partial<ForeignHost>): ForeignHost[] =>
  hosts.map((host, index) => (index === 1 ? { ...host, ...change(host) } : host));

describe("the audit tells", () => {
  test("a file that was changed since the start", async () => {
    const hosts = butSecond(kubespray(on.certificates), ({ files }) => ({
      files: {
        ...files,
        "/etc/etcd.env": (files["/etc/etcd.env"] ?? "").replace("SNAPSHOT_COUNT=10000", "SNAPSHOT_COUNT=7"),
      },
    }));
    expect(await said("pending-change", hosts, caKey)).toEqual([
      "etcd2: runs with other settings than its files say: snapshot-count 10000, on disk 7",
    ]);
    expect(await said("pending-change", kubespray(on.certificates), caKey)).toEqual([]);
  });

  test("an environment file that is gone", async () => {
    const hosts = butSecond(tutorial(on.certificates), ({ files }) => ({
      files: { ...files, [unitPath]: (files[unitPath] ?? "").replace("--name=etcd2", "--name=${NODE_NAME}") },
    }));
    expect(await said("variable-unset", hosts)).toEqual(["etcd2: its unit names $NODE_NAME, and nothing sets it"]);
    expect(await said("pending-change", hosts)).toEqual([
      "etcd2: runs with other settings than its files say: name etcd2, on disk not given",
    ]);
  });

  test("drop-ins, which are read with the unit", async () => {
    const dropIn = `${unitPath}.d/quota.conf`;
    const hosts = butSecond(tutorial(on.certificates), ({ files }) => ({
      files: { ...files, [dropIn]: "[Service]\nEnvironment=ETCD_QUOTA_BACKEND_BYTES=4294967296\n" },
      units: { etcd: unitFact(unitPath, { user: "root", dropIns: [dropIn] }) },
    }));
    expect(await said("drop-ins", hosts)).toEqual([`etcd2: its unit has drop-ins: ${dropIn}`]);
    expect(await said("pending-change", hosts)).toEqual([
      "etcd2: runs with other settings than its files say: quota-backend-bytes not given, on disk 4294967296",
    ]);
  });

  test("a variable that this etcd passes over, which does not come into the file", async () => {
    const hosts = kubespray(on.certificates).map((host) => ({
      ...host,
      version: "3.6.16",
      files: { ...host.files, "/etc/etcd.env": `${host.files["/etc/etcd.env"]}ETCD_ENABLE_V2=true\n` },
      processes: host.processes.map((process) => ({
        ...process,
        environment: { ...process.environment, ETCD_ENABLE_V2: "true" },
      })),
    }));
    const { advice, spec } = await on.adopt(hosts, caKey);
    expect(advice.filter(({ id }) => id === "variable-ignored").map(({ what }) => what)).toContain(
      "its environment says enable-v2",
    );
    expect(spec.etcd.settings).not.toHaveProperty("enable-v2");
  });

  test("a listener without TLS beside one with it, and one certificate for all", async () => {
    const hosts = tutorial(on.certificates);
    expect(await said("plain-listener", hosts)).toHaveLength(3);
    expect(await said("shared-certificate", hosts)).toEqual(["-: all members have the same certificate and key"]);
    expect(await said("plaintext-clients", hosts)).toEqual([]);
  });

  test("keys that everybody on the host can read", async () => {
    const key = "/etc/etcd/ssl/etcd-key.pem";
    const hosts = butSecond(tutorial(on.certificates), () => ({ modes: { [key]: "0644" } }));
    const { advice } = await on.adopt(hosts);
    expect(advice.filter(({ what }) => what.includes(key))).toMatchObject([{ member: "etcd2" }]);
  });

  test("etcd's default token", async () => {
    const hosts = debian(on.certificates);
    expect(await said("default-token", hosts, { trust: "none", scheme: "http" })).toHaveLength(1);
    expect(await said("default-token", tutorial(on.certificates))).toEqual([]);
  });
});
