/** The last words of a good `up`: how to use the cluster, look at it and stop it. */
import { join, relative } from "node:path";
import type { Spec } from "../spec/spec.js";
import type { Session } from "./session.js";

/** Under npm the binary is not on the PATH, so the words that work are npx's. */
export function howToGoOn({ terminal, page, file }: Session, spec: Spec): string[] {
  const call = terminal.env["npm_execpath"] === undefined ? "quorate" : "npx quorate";
  const named = file === "cluster.yaml" ? "" : ` -f ${file}`;
  const lines = [
    ["use it", `eval "$(${call} export etcdctl${named})" && ${etcdctlOf(spec, terminal.cwd)} put hello world`],
    ["look at it", `${call} status${named}`],
    ["stop it", `${call} stop${named}   (the data stays; \`${call} destroy${named}\` removes it)`],
  ] as const;
  return lines.map(([label, text]) => `  ${page.style.dim(label.padEnd(11))}${text}`);
}

/** A local cluster has etcdctl beside its etcd; of hosts nobody knows what this machine has. */
function etcdctlOf({ service, members }: Spec, cwd: string): string {
  const [first] = members;
  if (service.kind !== "process" || first === undefined) return "etcdctl";
  return relative(cwd, join(first.paths.binaries, "current", "etcdctl"));
}
