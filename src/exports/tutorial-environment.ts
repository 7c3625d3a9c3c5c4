/** The tutorial's environment.sh, from the spec: what its later chapters (flannel, kube-apiserver) source. */
import type { Spec } from "../spec/spec.js";
import { exportLine } from "./shell-words.js";

/** Text of a file to `source`. IPv6 and host names go in as they are in the spec. */
export function tutorialEnvironment(spec: Spec): string {
  const { members, consumers } = spec;
  return `${[
    `# ${spec.name}: printed by \`quorate export env\``,
    "# The pods' and the services' networks.",
    exportLine("SERVICE_CIDR", consumers.serviceCidr),
    exportLine("CLUSTER_CIDR", consumers.clusterCidr),
    "# What clients of etcd dial.",
    exportLine("ETCD_ENDPOINTS", members.map((member) => member.client.url).join(",")),
    "# Where flannel keeps its network's configuration.",
    exportLine("FLANNEL_ETCD_PREFIX", consumers.flannelPrefix),
    "# The members' machines, and how the members reach each other.",
    exportLine("NODE_IPS", members.map((member) => member.address).join(" ")),
    exportLine("ETCD_NODES", members.map((member) => `${member.name}=${member.peer.url}`).join(",")),
  ].join("\n")}\n`;
}

/** The two lines that differ from machine to machine. @returns undefined when there is no such member. */
export function tutorialNode(spec: Spec, member: string): string | undefined {
  const found = spec.members.find((each) => each.name === member);
  if (found === undefined) return undefined;
  return `${exportLine("NODE_NAME", found.name)}\n${exportLine("NODE_IP", found.address)}\n`;
}
