import { expect, test } from "vitest";
import { QuorateError, QuorateErrors } from "../../src/errors.js";
import { parseEnvironmentFile } from "../../src/spec/environment-file.js";
import { readEnvironment, tutorialVariables } from "../../src/spec/environment.js";

/** As the tutorial's readers have it, with a secret in it that must not be read. */
const script = `#!/usr/bin/bash

# TLS Bootstrapping
BOOTSTRAP_TOKEN="41f7e4ba8b7be874fcff18bf5cf41a7c"
head -c 16 /dev/urandom | od -An -t x

SERVICE_CIDR="10.254.0.0/16"
CLUSTER_CIDR='172.30.0.0/16' # Pods
export NODE_PORT_RANGE="8400-9000"
export A=10.64.3.7 
export NODE_IPS="$A 10.64.3.8 \${B}"
B=10.66.3.86
export ETCD_ENDPOINTS="https://$A:2379,https://10.64.3.8:2379,https://10.66.3.86:2379"
export FLANNEL_ETCD_PREFIX="/kubernetes/network"
export ETCD_NODES=etcd-host0=https://10.64.3.7:2380,etcd-host1=https://10.64.3.8:2380,etcd-host2=https://10.66.3.86:2380
export PATH=/root/local/bin:$PATH
TODAY=$(date)
`;

const values = (text: string, wanted: readonly string[] = tutorialVariables): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parseEnvironmentFile(text, "environment.sh", wanted)).map(([name, { value }]) => [name, value]),
  );

test("the tutorial's environment.sh is read without a shell, and only what is asked for", () => {
  expect(parseEnvironmentFile(script, "environment.sh", tutorialVariables)).toEqual({
    SERVICE_CIDR: { value: "10.254.0.0/16", line: 7 },
    CLUSTER_CIDR: { value: "172.30.0.0/16", line: 8 },
    NODE_IPS: { value: "10.64.3.7 10.64.3.8 10.66.3.86", line: 11 },
    ETCD_ENDPOINTS: { value: "https://10.64.3.7:2379,https://10.64.3.8:2379,https://10.66.3.86:2379", line: 13 },
    FLANNEL_ETCD_PREFIX: { value: "/kubernetes/network", line: 14 },
    ETCD_NODES: {
      value: "etcd-host0=https://10.64.3.7:2380,etcd-host1=https://10.64.3.8:2380,etcd-host2=https://10.66.3.86:2380",
      line: 15,
    },
  });
});

test.each([
  ['X="a b"', "a b"],
  ["X='$HOME'", "$HOME"],
  ["X=\"a\"b'c'", "abc"],
  ['X="say \\"hi\\""', 'say "hi"'],
  ["X=a#b # remark", "a#b"],
  ["X=", ""],
  ["X=a;", "a"],
  ["X=$X", ""],
  ["\uFEFFX=a\r\nY=b", "a"],
  ["X=1\nX=2", "2"],
])("%j gives %j", (text, value) => {
  expect(values(text, ["X"])).toEqual({ X: value });
});

test.each(["X=$(hostname)", "X=`hostname`", "X=${Y:-z}", 'X="$(hostname -i)"', "X=a && b", "X=(a b)", 'X="open'])(
  "%j needs a shell, and is told with its line",
  (text) => {
    expect(() => parseEnvironmentFile(`# first\n${text}\n`, "environment.sh", ["X"])).toThrow(
      expect.objectContaining({
        code: "E_ENVIRONMENT",
        details: expect.objectContaining({ where: "environment.sh", line: 2 }) as object,
      }) as Error,
    );
  },
);

test("what nobody asks for may need a shell", () => {
  expect(values("X=$(hostname)\nY=1\n", ["Y"])).toEqual({ Y: "1" });
});

test("the outer environment is there to refer to", () => {
  expect(parseEnvironmentFile("X=$HOST", "f", ["X"], { HOST: "a" })["X"]?.value).toBe("a");
});

const nodes = "a=https://10.0.0.1:2380,b=https://10.0.0.2:2380,c=https://10.0.0.3:2380";

test("ETCD_NODES names members, addresses and peer ports; ETCD_ENDPOINTS the client ports", () => {
  const ETCD_NODES = "a=https://10.0.0.1:2380,b=https://10.0.0.2:4001,c=https://[fd00::3]:2380";
  const ETCD_ENDPOINTS = "https://10.0.0.1:4000,https://10.0.0.2:2379,https://[fd00::3]:2379";
  expect(readEnvironment({ ETCD_NODES, ETCD_ENDPOINTS, CLUSTER_CIDR: "10.1.0.0/16" }, "here")).toEqual({
    members: [
      { name: "a", address: "10.0.0.1", client: { port: "4000" } },
      { name: "b", address: "10.0.0.2", peer: { port: "4001" } },
      { name: "c", address: "fd00::3" },
    ],
    consumers: { "cluster-cidr": "10.1.0.0/16" },
  });
});

test("NODE_IPS alone gives the tutorial's names, and this machine its own", () => {
  expect(
    readEnvironment({ NODE_IPS: "10.0.0.1  10.0.0.2 10.0.0.3", NODE_NAME: "boss", NODE_IP: "10.0.0.2" }, "here")
      ?.members,
  ).toEqual([
    { name: "etcd-host0", address: "10.0.0.1" },
    { name: "boss", address: "10.0.0.2" },
    { name: "etcd-host2", address: "10.0.0.3" },
  ]);
});

test("http means plaintext", () => {
  expect(readEnvironment({ ETCD_NODES: nodes.replaceAll("https", "http") }, "here")?.tls).toBe("off");
});

test("an environment without members says nothing", () => {
  expect(readEnvironment({ CLUSTER_CIDR: "10.1.0.0/16" }, "here")).toBeUndefined();
});

function problems(environment: Parameters<typeof readEnvironment>[0]): string[] {
  try {
    readEnvironment(environment, "environment.sh");
  } catch (error) {
    if (error instanceof QuorateErrors)
      return error.problems.map(
        (problem: QuorateError) =>
          `${problem.code} ${problem.details.where} ${problem.message} | found ${problem.details.found}`,
      );
    throw error;
  }
  return [];
}

test.each([
  [{ ETCD_NODES: "10.0.0.1:2380" }, 'ETCD_NODES: "10.0.0.1:2380" is not NAME=URL | found 10.0.0.1:2380'],
  [{ ETCD_NODES: "a=10.0.0.1" }, 'ETCD_NODES: "10.0.0.1" is not a URL with a port | found 10.0.0.1'],
  [
    { ETCD_NODES: nodes, ETCD_ENDPOINTS: "10.0.0.1" },
    'ETCD_ENDPOINTS: "10.0.0.1" is not a URL with a port | found 10.0.0.1',
  ],
  [{ NODE_IPS: "10.0.0.1 10.0.0.300 10.0.0.3" }, "NODE_IPS: 10.0.0.300 is not an address | found 10.0.0.300"],
  [
    { ETCD_NODES: nodes.replace("https://10.0.0.2", "http://10.0.0.2") },
    "ETCD_NODES: http and https are mixed | found https, http",
  ],
  [
    { ETCD_NODES: nodes, NODE_IPS: "10.0.0.1 10.0.0.2 10.0.0.9" },
    "NODE_IPS: does not name the same hosts as ETCD_NODES: 10.0.0.9, 10.0.0.3 | found 10.0.0.1 10.0.0.2 10.0.0.9",
  ],
  [{ ETCD_NODES: nodes, NODE_NAME: "d" }, "NODE_NAME: d is not in ETCD_NODES | found d"],
  [{ ETCD_NODES: nodes, NODE_NAME: "a", NODE_IP: "10.0.0.2" }, "NODE_IP: a is 10.0.0.1 in ETCD_NODES | found 10.0.0.2"],
])("%j makes no sense, and is told", (environment, expected) => {
  expect(problems(environment)).toEqual([`E_ENVIRONMENT environment.sh ${expected}`]);
});

test("all that makes no sense is told at once", () => {
  expect(problems({ ETCD_NODES: "a=x,b", NODE_IPS: "_" })).toHaveLength(3);
});
