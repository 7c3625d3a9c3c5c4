/**
 * The floor of forming a cluster: the same processes, started in the best known order by nothing but spawn. The member
 * with the lowest peer URL goes first; when its peer listener answers, the rest follow at once.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, closeSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../test/support/free-ports.js";
import { testAuthority } from "../../test/support/test-certificates.js";
import { untilPeerServes } from "./peer-port.js";
import { untilServing } from "./raw-read.js";

/**
 * Form a cluster of `size` members on loopback with mutual TLS, and take it down again.
 * @returns milliseconds from the first exec until every member has answered a linearizable read
 */
export async function formBare(etcd: string, size: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "quorate-bench-"));
  const children: ChildProcess[] = [];
  try {
    const authority = testAuthority(folder);
    const pair = authority.issue("member");
    const identity = { ca: authority.ca, cert: pair.cert, key: pair.key };
    const ports = (await freePorts(2 * size)).sort((one, other) => one - other);
    const members = Array.from({ length: size }, (_, index) => ({
      name: `m${index + 1}`,
      peer: `https://127.0.0.1:${ports[index]}`,
      client: `https://127.0.0.1:${ports[size + index]}`,
    }));
    const cluster = members.map((member) => `${member.name}=${member.peer}`).join(",");
    const files = {
      "cert-file": pair.certFile,
      "key-file": pair.keyFile,
      "trusted-ca-file": authority.caFile,
      "client-cert-auth": "true",
    };
    const secure = Object.entries(files).flatMap(([flag, value]) => [`--${flag}=${value}`, `--peer-${flag}=${value}`]);
    const start = ({ name, peer, client }: (typeof members)[number]): void => {
      const log = openSync(join(folder, `${name}.log`), "w");
      const args = [
        `--name=${name}`, `--data-dir=${join(folder, name)}`, `--listen-peer-urls=${peer}`, `--listen-client-urls=${client}`,
        `--initial-advertise-peer-urls=${peer}`, `--advertise-client-urls=${client}`, `--initial-cluster=${cluster}`,
        "--initial-cluster-state=new", "--initial-cluster-token=bench", ...secure,
      ]; // prettier-ignore
      children.push(spawn(etcd, args, { stdio: ["ignore", log, log] }));
      closeSync(log);
    };
    const [first, ...rest] = members;
    if (first === undefined) throw new Error("a cluster has at least one member");
    const begin = performance.now();
    start(first);
    const serving = members.map((member) => untilServing(member.client, identity));
    if (rest.length > 0) await untilPeerServes(first.peer, identity);
    for (const member of rest) start(member);
    await Promise.all(serving);
    return performance.now() - begin;
  } finally {
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true });
  }
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
