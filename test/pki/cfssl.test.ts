/** cfssl's own files as input, and its names as output. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exportCfsslNames } from "../../src/pki/cfssl-export.js";
import { fromCfssl } from "../../src/pki/cfssl.js";
import type { JsonFile } from "../../src/pki/json-file.js";
import { openAuthority } from "../../src/pki/open-authority.js";
import { exampleSpec } from "./example-spec.js";
import { openssl } from "./openssl.js";
import { testFolder } from "./test-folder.js";

const file = (path: string, content: unknown): JsonFile => ({
  path,
  text: typeof content === "string" ? content : JSON.stringify(content, undefined, 2),
});

const names = [{ C: "CN", ST: "BeiJing", L: "BeiJing", O: "k8s", OU: "System" }];
const caConfig = {
  signing: {
    default: { expiry: "87600h" },
    profiles: {
      kubernetes: { usages: ["signing", "key encipherment", "server auth", "client auth"], expiry: "43800h" },
    },
  },
};

test("the tutorial's three files give key, subject, names and lifetimes", () => {
  const hosts = ["127.0.0.1", "10.64.3.7", "10.64.3.8", "10.64.3.86", "etcd.example.org"];
  expect(
    fromCfssl({
      caCsr: file("ca-csr.json", {
        CN: "kubernetes",
        key: { algo: "ecdsa", size: 256 },
        names,
        ca: { expiry: "876000h" },
      }),
      etcdCsr: file("etcd-csr.json", { CN: "etcd", hosts, key: { algo: "rsa", size: 2048 }, names }),
      caConfig: file("ca-config.json", caConfig),
      memberAddresses: ["10.64.3.7", "10.64.3.8", "10.64.3.86"],
    }),
  ).toEqual({
    tls: { algorithm: "rsa-2048", subject: names[0], sans: ["etcd.example.org"], caDays: 36_500, leafDays: 1825 },
    problems: [],
  });
});

test("what a file does not say is left to the defaults", () => {
  expect(fromCfssl({})).toEqual({ tls: {}, problems: [] });
  expect(
    fromCfssl({ caCsr: file("ca-csr.json", { CN: "x" }), etcdCsr: file("e", {}), caConfig: file("c", {}) }),
  ).toEqual({
    tls: {},
    problems: [],
  });
  expect(fromCfssl({ caConfig: file("c", { signing: { default: { expiry: "8760h30m" } } }) }).tls).toEqual({
    leafDays: 365,
  });
});

test.each([
  [{ algo: "rsa", size: 4096 }, "rsa-4096"],
  [{ algo: "ecdsa", size: 384 }, "ecdsa-p384"],
  [{ algo: "ed25519" }, "ed25519"],
])("key %j is %s", (key, algorithm) => {
  expect(fromCfssl({ caCsr: file("ca-csr.json", { key }) }).tls.algorithm).toBe(algorithm);
});

test("the profile asked for is used", () => {
  const two = { signing: { default: { expiry: "24h" }, profiles: { a: { expiry: "48h" }, b: { expiry: "72h" } } } };
  expect(fromCfssl({ caConfig: file("c", two), profile: "b" }).tls.leafDays).toBe(3);
  expect(fromCfssl({ caConfig: file("c", two) }).tls.leafDays).toBe(1);
  expect(fromCfssl({ caConfig: file("c", two), profile: "z" }).problems[0]?.message).toBe("c: has no profile z");
});

test.each<[string, Parameters<typeof fromCfssl>[0], string]>([
  [
    "an unknown key",
    { etcdCsr: file("e.json", { key: { algo: "dsa", size: 1024 } }) },
    "e.json: key dsa 1024 is not one that quorate makes",
  ],
  [
    "P-521",
    { etcdCsr: file("e.json", { key: { algo: "ecdsa", size: 521 } }) },
    "e.json: key ecdsa 521 is not one that quorate makes",
  ],
  [
    "names of the wrong shape",
    { etcdCsr: file("e.json", { names: { C: "JP" } }) },
    'e.json: names is not a list of objects such as {"C": "JP", "O": "k8s"}',
  ],
  ["a field of the wrong type", { etcdCsr: file("e.json", { names: [{ C: 1 }] }) }, "e.json: names[0].C is not a text"],
  [
    "hosts of the wrong type",
    { etcdCsr: file("e.json", { hosts: "10.0.0.1" }) },
    "e.json: hosts is not a list of texts",
  ],
  [
    "a lifetime without unit",
    { caConfig: file("c.json", { signing: { default: { expiry: "87600" } } }) },
    "c.json: signing.default.expiry is not a lifetime",
  ],
  [
    "a lifetime in days",
    { caCsr: file("ca.json", { ca: { expiry: "365d" } }) },
    "ca.json: ca.expiry is not a lifetime",
  ],
  [
    "an unknown usage",
    { caConfig: file("c.json", { signing: { profiles: { k: { usages: ["server auth", "sever auth"] } } } }) },
    'c.json: signing.profiles.k: unknown usage "sever auth"',
  ],
  ["a list", { caConfig: file("c.json", []) }, "c.json: is not a JSON object"],
])("%s is named", (_what, input, message) => {
  const { problems } = fromCfssl(input);
  expect(problems.map((problem) => [problem.code, problem.message])).toEqual([["E_CFSSL", message]]);
});

test("broken JSON is named with its line and column", () => {
  const { problems } = fromCfssl({ etcdCsr: file("etcd-csr.json", '{\n  "CN": "etcd",\n  "hosts": [,]\n}\n') });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ code: "E_CFSSL", message: "etcd-csr.json: is not valid JSON" });
  expect(problems[0]?.details).toMatchObject({ where: "etcd-csr.json", line: 3, column: 13 });
  expect(fromCfssl({ etcdCsr: file("e", "") }).problems[0]?.details).toMatchObject({ line: 1, column: 1 });
});

test("a member's certificates are had under cfssl's names, and nothing is overwritten", async () => {
  const folder = testFolder();
  const authority = openAuthority(exampleSpec(folder));
  await authority.issue("kube-node1");
  const out = join(folder, "out");
  const written = await exportCfsslNames(authority, ["kube-node1"], out);
  expect(written.map((path) => path.slice(out.length))).toEqual(
    ["ca.pem", "etcd-key.pem", "etcd-peer-key.pem", "etcd-peer.pem", "etcd.pem"].map((name) => `/kube-node1/${name}`),
  );
  const etcd = join(out, "kube-node1", "etcd.pem");
  expect(openssl(folder, "verify", "-CAfile", join(out, "kube-node1", "ca.pem"), etcd)).toContain("OK");
  expect(statSync(join(out, "kube-node1", "etcd-key.pem")).mode & 0o777).toBe(0o600);
  expect(await exportCfsslNames(authority, ["kube-node1"], out)).toEqual(written);
  writeFileSync(etcd, "mine");
  await expect(exportCfsslNames(authority, ["kube-node1"], out)).rejects.toMatchObject({ code: "E_TLS_EXISTS" });
  expect(readFileSync(etcd, "utf8")).toBe("mine");
});
