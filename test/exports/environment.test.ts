import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { etcdctlEnvironment } from "../../src/exports/etcdctl-environment.js";
import { exportLine } from "../../src/exports/shell-words.js";
import { tutorialEnvironment, tutorialNode } from "../../src/exports/tutorial-environment.js";
import { draftFrom } from "../../src/spec/init.js";
import { parseSpec } from "../../src/spec/load.js";
import { writeSpec } from "../../src/spec/write.js";
import { anyDraft, machine } from "../spec/arbitraries.js";
import { read } from "../spec/reading.js";

const tutorial = `name: k8s-etcd
members:
  etcd-host0: 10.64.3.7
  etcd-host1: 10.64.3.8
  etcd-host2: 10.66.3.86
`;

test("the tutorial's environment is printed back", () => {
  expect(tutorialEnvironment(read(tutorial))).toBe(`# k8s-etcd: printed by \`quorate export env\`
# The pods' and the services' networks.
export SERVICE_CIDR="10.254.0.0/16"
export CLUSTER_CIDR="172.30.0.0/16"
# What clients of etcd dial.
export ETCD_ENDPOINTS="https://10.64.3.7:2379,https://10.64.3.8:2379,https://10.66.3.86:2379"
# Where flannel keeps its network's configuration.
export FLANNEL_ETCD_PREFIX="/kubernetes/network"
# The members' machines, and how the members reach each other.
export NODE_IPS="10.64.3.7 10.64.3.8 10.66.3.86"
export ETCD_NODES="etcd-host0=https://10.64.3.7:2380,etcd-host1=https://10.64.3.8:2380,etcd-host2=https://10.66.3.86:2380"
`);
});

test("a machine's own two lines name the member and its address", () => {
  expect(tutorialNode(read(tutorial), "etcd-host1")).toBe(
    'export NODE_NAME="etcd-host1"\nexport NODE_IP="10.64.3.8"\n',
  );
  expect(tutorialNode(read(tutorial), "etcd-host9")).toBeUndefined();
});

test("from the environment to a spec and back, nothing changes", async () => {
  await fc.assert(
    fc.asyncProperty(anyDraft, async (draft) => {
      const once = tutorialEnvironment(parseSpec(writeSpec({ ...draft, name: "etcd" }), machine));
      const again = await draftFrom({ environmentFile: { file: "environment.sh", text: once } });
      const accepted = { "allow-even": "true", "allow-single": "true" };
      expect(tutorialEnvironment(parseSpec(writeSpec({ ...again, ...accepted }), machine))).toBe(once);
    }),
    { numRuns: 50 },
  );
});

test("etcdctl is told the version of its API, the endpoints and the client's files", () => {
  const files = { ca: "/srv/my pki/ca.pem", cert: "/srv/it's/root.pem", key: "/srv/$HOME/root-key.pem" };
  expect(etcdctlEnvironment(read(tutorial), files)).toBe(
    `export ETCDCTL_API="3"
export ETCDCTL_ENDPOINTS="https://10.64.3.7:2379,https://10.64.3.8:2379,https://10.66.3.86:2379"
export ETCDCTL_CACERT="/srv/my pki/ca.pem"
export ETCDCTL_CERT='/srv/it'\\''s/root.pem'
export ETCDCTL_KEY='/srv/$HOME/root-key.pem'
`,
  );
});

test("a plaintext cluster needs no files", () => {
  const spec = read("name: demo\ntls: off\nmembers: {a: 10.0.0.1, b: 10.0.0.2, c: fd00::3}\n");
  expect(etcdctlEnvironment(spec, undefined)).toBe(
    "export ETCDCTL_API=\"3\"\nexport ETCDCTL_ENDPOINTS='http://10.0.0.1:2379,http://10.0.0.2:2379,http://[fd00::3]:2379'\n",
  );
});

test("whatever a value is, a POSIX shell reads it back unchanged", () => {
  const values = fc.array(
    fc.string({ maxLength: 30, unit: "grapheme" }).filter((text) => !text.includes("\0")),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(values, (texts) => {
      const script = texts
        .map((text, index) => `${exportLine(`V${index}`, text)}\nprintf '%s\\0' "$V${index}"`)
        .join("\n");
      expect(execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1)).toEqual(texts);
    }),
    { numRuns: 20 },
  );
});
