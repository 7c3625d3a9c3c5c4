/** Values that are passed on to flannel and Kubernetes. */
import { isIPv4, isIPv6 } from "node:net";
import { quoted, type Problem } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";

export function consumers({ file }: Candidate): Problem[] {
  const written = file.consumers ?? {};
  const problems: Problem[] = [];
  for (const key of ["cluster-cidr", "service-cidr"] as const) {
    const cidr = written[key];
    if (cidr !== undefined && !isRange(cidr)) {
      problems.push({
        code: "E_SPEC",
        path: ["consumers", key],
        message: `${quoted(cidr)} is not an address range`,
        expected: "for example 172.30.0.0/16",
        found: quoted(cidr),
      });
    }
  }
  const prefix = written["flannel-prefix"];
  if (prefix !== undefined && !/^(\/[A-Za-z0-9._-]+)+$/.test(prefix)) {
    problems.push({
      code: "E_SPEC",
      path: ["consumers", "flannel-prefix"],
      message: `${quoted(prefix)} is not a key prefix`,
      expected: "for example /kubernetes/network",
      found: quoted(prefix),
    });
  }
  return problems;
}

function isRange(text: string): boolean {
  const [address = "", bits = ""] = text.split("/");
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}
