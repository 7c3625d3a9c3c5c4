/** The workload as a process: orders on its standard input, the verdict on its standard output. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { History } from "../../src/drill/history.js";
import { judge } from "../../src/drill/oracle/judge.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";
import { clientOptions, startClients, type Clients } from "../support/workload-child.js";

let etcd: RealEtcd | undefined;
let clients: Clients | undefined;
afterEach(async () => {
  await clients?.kill();
  await etcd?.remove();
});

const start = ([command, ...args]: readonly [string, ...string[]]) => spawn(command, args, { stdio: "pipe" });

describe("the workload as a process", () => {
  it("works with files of certificates, and writes down what can be judged again", async () => {
    etcd = await realEtcd({ version: "3.5.30", size: 3 });
    const history = join(etcd.folder, "history.json");
    const { caFile: ca = "" } = etcd.authority ?? {};
    const { certFile: cert = "", keyFile: key = "" } = etcd.client ?? {};
    const [first = "", ...others] = etcd.members.map(({ clientUrl }) => clientUrl);
    clients = await startClients(start, { endpoints: [first], files: { ca, cert, key }, history, sync: "never" });
    clients.endpoints(others);
    await clients.during("change", () => new Promise((resolve) => setTimeout(resolve, 700)));
    await clients.control(800);
    const verdict = await clients.stop();
    expect(verdict).toMatchObject({ outcome: "held", failed: 0, lost: 0 });
    expect(verdict.intervals.map(({ name }) => name)).toEqual(["change", "control"]);
    expect(verdict.comparison).toBeDefined();
    const recorded = JSON.parse(readFileSync(history, "utf8")) as History;
    expect(judge(recorded)).toEqual(verdict);
    expect(recorded.writes.at(-1)?.via).not.toBe(first);
  });

  it("says why it cannot begin", async () => {
    const nobody = { endpoints: ["http://127.0.0.1:1"], overall: 500 };
    await expect(startClients(start, nobody)).rejects.toThrow("could not be prepared");
  });

  it("is told about the cluster as etcdctl is", () => {
    const exported = `export ETCDCTL_API='3'\nexport ETCDCTL_ENDPOINTS=https://a:1,https://b:2\nexport ETCDCTL_CACERT='/f/ca.pem'\nexport ETCDCTL_CERT=/f/c.pem\nexport ETCDCTL_KEY=/f/k.pem\n`;
    expect(clientOptions(exported)).toEqual({
      endpoints: ["https://a:1", "https://b:2"],
      files: { ca: "/f/ca.pem", cert: "/f/c.pem", key: "/f/k.pem" },
    });
  });
});
