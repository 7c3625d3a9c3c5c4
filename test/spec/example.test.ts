import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { clusterJsonSchema, type JsonSchema } from "../../src/spec/shape/known-keys.js";
import { machine } from "./arbitraries.js";
import { problemsOf, read, warningsOf } from "./reading.js";

const example = readFileSync(new URL("../../examples/cluster.yaml", import.meta.url), "utf8");
/** With every commented field set. */
const everything = example.replace(/^( *)#(?=[A-Za-z])/gm, "$1");

test("the example is the short form of the tutorial's three hosts: its comments change nothing", () => {
  const short = read(
    "name: k8s-etcd\nmembers:\n  etcd-host0: 10.64.3.7\n  etcd-host1: 10.64.3.8\n  etcd-host2: 10.66.3.86\n",
  );
  expect(read(example)).toEqual(short);
  expect(warningsOf(example)).toEqual([]);
});

test("with every comment taken away it still is a cluster file", () => {
  expect(problemsOf(everything, machine)).toEqual([]);
});

test.each([
  "hosts: ssh",
  "etcd.token: k8s-etcd",
  "tls.algorithm: ecdsa-p256",
  "tls.validity.ca: 10y",
  "tls.validity.leaf: 365d",
  "tls.renew-at: 0.33",
  "tls.keys: operator",
  "paths.data: /var/lib/etcd",
  "paths.certificates: /etc/etcd/ssl",
  "paths.binaries: /opt/etcd",
  "paths.unit: /etc/systemd/system/etcd.service",
  "paths.state: /var/lib/quorate/k8s-etcd",
  "service.unit: etcd",
  "service.user: etcd",
  "service.group: etcd",
  "service.open-files: 65536",
  "release.mirror: https://github.com/etcd-io/etcd/releases/download",
  "consumers.flannel-prefix: /kubernetes/network",
  "consumers.cluster-cidr: 172.30.0.0/16",
  "consumers.service-cidr: 10.254.0.0/16",
  "state: .quorate/k8s-etcd",
])("%s is shown and is the default", (shown) => {
  const [path = "", value = ""] = shown.split(": ");
  const keys = path.split(".");
  const written = keys.map((key, depth) => `${"  ".repeat(depth)}${key}:`).join("\n");
  expect(example).toContain(`${"  ".repeat(keys.length - 1)}#${keys.at(-1)}: ${value}\n`);
  expect(read(`${example}\n${written} ${value}\n`)).toEqual(read(example));
});

test("it names every field that there is", () => {
  const missing = fields(clusterJsonSchema()).filter((name) => !new RegExp(`^ *(- )?#?${name}:`, "m").test(example));
  expect(missing).toEqual([]);
});

function fields(schema: JsonSchema): string[] {
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.anyOf ?? []),
    ...(schema.items === undefined ? [] : [schema.items]),
  ];
  const values = typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
  return [...Object.keys(schema.properties ?? {}), ...[...inner, ...values].flatMap(fields)];
}
