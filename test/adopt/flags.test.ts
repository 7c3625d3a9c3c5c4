import { describe, expect, test } from "vitest";
import { configurationFlags } from "../../src/adopt/configuration-file.js";
import { commandLineFlags, environmentFlags, flagsInForce, type Flags } from "../../src/adopt/flags.js";
import { staticPodOf } from "../../src/adopt/manifest.js";

const values = (flags: Flags | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(flags ?? {}).map(([name, { value }]) => [name, value]));

describe("etcd's flags", () => {
  test("are read from a command line as Go reads them", () => {
    const words = "--name a -data-dir=/d --client-cert-auth --peer-client-cert-auth=1 --pre-vote=false --cors=".split(
      " ",
    );
    expect(values(commandLineFlags(words))).toEqual({
      name: "a",
      "data-dir": "/d",
      "client-cert-auth": "true",
      "peer-client-cert-auth": "true",
      "pre-vote": "false",
      cors: "",
    });
  });

  test("end at the first word that is none", () => {
    expect(values(commandLineFlags(["--name=a", "stray", "--data-dir=/d"]))).toEqual({ name: "a" });
  });

  test("are read from variables that etcd knows, empty ones left out", () => {
    const variables = {
      ETCD_NAME: "a",
      ETCD_PEER_CLIENT_CERT_AUTH: "True",
      ETCD_UNSUPPORTED_ARCH: "arm64",
      ETCD_CORS: "",
    };
    expect(values(environmentFlags(variables))).toEqual({ name: "a", "peer-client-cert-auth": "true" });
  });

  test("of a configuration file replace all others", () => {
    const file = "name: c\nclient-transport-security:\n  cert-file: /c.pem\n";
    const read = (path: string) => (path === "/etc/etcd.yml" ? configurationFlags(file) : undefined);
    const words = ["etcd", "--name=a", "--config-file=/etc/etcd.yml"];
    expect(values(flagsInForce(words, { ETCD_DATA_DIR: "/d" }, read))).toEqual({ name: "c", "cert-file": "/c.pem" });
    expect(values(flagsInForce(["etcd", "--name=a"], { ETCD_DATA_DIR: "/d", ETCD_CONFIG_FILE: "" }, read))).toEqual({
      name: "a",
      "data-dir": "/d",
    });
    expect(values(flagsInForce(["etcd"], { ETCD_CONFIG_FILE: "/etc/etcd.yml" }, read))["name"]).toBe("c");
  });
});

describe("a configuration file", () => {
  test("has both TLS parts, lists, and durations in nanoseconds", () => {
    const text = `name: 'default'
data-dir: /var/lib/etcd
heartbeat-interval: 100
log-outputs: [stderr, /var/log/etcd.log]
grpc-keepalive-interval: 7200000000000
client-transport-security:
  cert-file: /s.pem
  client-cert-auth: true
  trusted-ca-file: /ca.pem
  allowed-hostname: h
peer-transport-security:
  cert-file: /p.pem
  auto-tls: false
  allowed-cn: peers
initial-cluster:
`;
    expect(values(configurationFlags(text))).toEqual({
      name: "default",
      "data-dir": "/var/lib/etcd",
      "heartbeat-interval": "100",
      "log-outputs": "stderr,/var/log/etcd.log",
      "grpc-keepalive-interval": "2h",
      "cert-file": "/s.pem",
      "client-cert-auth": "true",
      "trusted-ca-file": "/ca.pem",
      "client-cert-allowed-hostname": "h",
      "peer-cert-file": "/p.pem",
      "peer-auto-tls": "false",
      "peer-cert-allowed-cn": "peers",
    });
  });

  test.each(["", "- a\n", "a: [", "text"])("that is no mapping says nothing: %j", (text) => {
    expect(configurationFlags(text)).toBeUndefined();
  });
});

describe("a static pod", () => {
  test("is read with the host's own paths", () => {
    const pod = staticPodOf(`apiVersion: v1
kind: Pod
metadata: {name: etcd, namespace: kube-system}
spec:
  containers:
  - name: etcd
    image: registry.example/etcd:3.5.15-0
    command: [etcd, --data-dir=/var/lib/etcd, --cert-file=/pki/server.crt]
    env: [{name: ETCD_LOG_LEVEL, value: warn}]
    volumeMounts:
    - {mountPath: /var/lib/etcd, name: data}
    - {mountPath: /pki, name: certs}
  volumes:
  - {name: data, hostPath: {path: /srv/etcd}}
  - {name: certs, hostPath: {path: /etc/kubernetes/pki/etcd}}
`);
    expect(pod?.arguments[0]).toBe("etcd");
    expect(pod?.environment).toEqual({ ETCD_LOG_LEVEL: "warn" });
    expect(pod?.hostPath("/pki/server.crt")).toBe("/etc/kubernetes/pki/etcd/server.crt");
    expect(pod?.hostPath("/var/lib/etcd")).toBe("/srv/etcd");
    expect(pod?.hostPath("/elsewhere")).toBe("/elsewhere");
  });

  test.each(["", "kind: Pod\n", "spec: {containers: [{command: [kube-apiserver]}]}\n", "{"])(
    "that runs no etcd is none: %j",
    (text) => {
      expect(staticPodOf(text)).toBeUndefined();
    },
  );
});
