/** Certificates of the real cfssl, made the tutorial's way, and the real etcd on them. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fromCfssl } from "../../src/pki/cfssl.js";
import { checkGiven } from "../../src/pki/given.js";
import { inspectPem } from "../../src/pki/inspect.js";
import { openAuthority } from "../../src/pki/open-authority.js";
import { etcdFolder, testedVersions } from "../support/etcd-binaries.js";
import { gencert } from "./real-cfssl.js";
import { testFolder } from "./test-folder.js";
import { loopbackSpec, trustedEtcd } from "./trusted-etcd.js";

const names = [{ C: "CN", ST: "BeiJing", L: "BeiJing", O: "k8s", OU: "System" }];
const config = {
  signing: {
    default: { expiry: "87600h" },
    profiles: {
      kubernetes: { usages: ["signing", "key encipherment", "server auth", "client auth"], expiry: "87600h" },
    },
  },
};

const keys = [
  { algo: "rsa", size: 2048 },
  { algo: "ecdsa", size: 256 },
  { algo: "ecdsa", size: 384 },
  { algo: "ed25519" },
];

/** ca.pem, ca-key.pem, etcd.pem and etcd-key.pem, with their requests, in the folder. */
function tutorial(folder: string, key: object, expiry?: string): void {
  const ca = expiry === undefined ? {} : { ca: { expiry } };
  gencert(folder, "ca", { CN: "kubernetes", key, names, ...ca }, ["-initca"]);
  writeFileSync(join(folder, "ca-config.json"), JSON.stringify(config));
  const signer = ["-ca=ca.pem", "-ca-key=ca-key.pem", "-config=ca-config.json", "-profile=kubernetes"];
  gencert(folder, "etcd", { CN: "etcd", hosts: ["127.0.0.1", "10.64.3.7"], key, names }, signer);
}

test.each(keys)("cfssl's pair with key %j is accepted, and so is its CA with its key", async (key) => {
  const folder = testFolder();
  tutorial(folder, key);
  const etcd = { cert: join(folder, "etcd.pem"), key: join(folder, "etcd-key.pem") };
  const ca = { kind: "given" as const, cert: join(folder, "ca.pem"), key: join(folder, "ca-key.pem") };
  const given = { m1: etcd, m2: etcd, m3: etcd };
  expect(await checkGiven(await loopbackSpec(folder, { ca, given }))).toEqual([]);

  const issuing = await loopbackSpec(join(folder, "own"), { ca });
  const trust = await openAuthority(issuing).issue("m1");
  const files = await Promise.all(trust.files.map(async (file) => Buffer.from(await file.bytes()).toString()));
  writeFileSync(join(folder, "ours.pem"), files[1]!);
  const verdict = execFileSync("openssl", ["verify", "-x509_strict", "-CAfile", "ca.pem", "ours.pem"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(verdict).toBe("ours.pem: OK\n");
});

test("cfssl's CA of a hundred years is read and can issue", async () => {
  const folder = testFolder();
  tutorial(folder, { algo: "ecdsa", size: 256 }, "876000h");
  const [ca] = inspectPem(readFileSync(join(folder, "ca.pem"), "utf8"));
  expect(ca?.daysLeft).toBeGreaterThan(36_000);
  const given = { kind: "given" as const, cert: join(folder, "ca.pem"), key: join(folder, "ca-key.pem") };
  await openAuthority(await loopbackSpec(join(folder, "own"), { ca: given, leafDays: 30_000 })).issue("m1");
  const leaf = join(folder, "own", "pki", "members", "m1", "live", "server.pem");
  expect(inspectPem(readFileSync(leaf, "utf8"))[0]?.daysLeft).toBeGreaterThan(29_998);
});

test("the files that cfssl read are read by us to the same effect", async () => {
  const folder = testFolder();
  tutorial(folder, { algo: "rsa", size: 2048 });
  const file = (path: string): { path: string; text: string } => ({
    path,
    text: readFileSync(join(folder, path), "utf8"),
  });
  const read = fromCfssl({
    caCsr: file("ca-csr.json"),
    etcdCsr: file("etcd-csr.json"),
    caConfig: file("ca-config.json"),
  });
  expect(read.problems).toEqual([]);
  const spec = await loopbackSpec(join(folder, "own"), read.tls);
  await openAuthority(spec).issue("m1");
  const ours = inspectPem(readFileSync(join(folder, "own", "pki", "members", "m1", "live", "server.pem"), "utf8"))[0];
  const theirs = inspectPem(readFileSync(join(folder, "etcd.pem"), "utf8"))[0];
  expect(ours?.key).toBe(theirs?.key);
  expect(ours?.usages).toEqual(theirs?.usages);
  expect(ours?.subject.replace("CN=m1", "CN=etcd")).toBe(theirs?.subject);
  expect(ours?.sans).toEqual(expect.arrayContaining([...(theirs?.sans ?? [])]));
  expect(Math.abs((ours?.daysLeft ?? 0) - (theirs?.daysLeft ?? 0))).toBeLessThanOrEqual(1);
});

test.each(testedVersions)(
  "etcd %s: three members on the tutorial's one shared pair, which is etcdctl's too",
  async (version) => {
    const folder = testFolder();
    tutorial(folder, { algo: "rsa", size: 2048 });
    const etcd = { cert: join(folder, "etcd.pem"), key: join(folder, "etcd-key.pem") };
    const ca = { kind: "given" as const, cert: join(folder, "ca.pem"), key: undefined };
    const spec = await loopbackSpec(folder, { ca, given: { m1: etcd, m2: etcd, m3: etcd } });
    const { members, client } = await trustedEtcd(version, spec, folder);
    expect(client.files).toEqual({ ca: ca.cert, ...etcd });
    const args = [
      `--endpoints=${members[2]!.clientUrl}`,
      `--cacert=${ca.cert}`,
      `--cert=${etcd.cert}`,
      `--key=${etcd.key}`,
      "put",
      "k",
      "v",
    ];
    const env = { PATH: "/usr/bin:/bin", ETCDCTL_API: "3" };
    expect(execFileSync(join(etcdFolder(version), "etcdctl"), args, { env, encoding: "utf8" })).toBe("OK\n");
  },
);
