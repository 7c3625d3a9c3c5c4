/** A draft → the text of cluster.yaml, commented, that reads back as what the draft says. */
import type { Draft, DraftMember } from "./draft.js";
import { emitEntry } from "./text/emit.js";

/** Above which section stands which remark. */
const remarks: { readonly [K in keyof Draft]?: string } = {
  members: "Every member's name, and the address that the others dial.",
  hosts: "Where the members live: Linux hosts reached by ssh, or processes on this machine.",
  ssh: "How the hosts are reached; what is not said here is left to your own OpenSSH configuration.",
  etcd: "Version and settings of etcd. Without a version: the newest that can be had and is safe.",
  tls: "Mutual TLS is on unless this says `off`.",
  auth: "Users and roles of etcd, beside root, which is quorate itself.",
  paths: "Folders on the hosts.",
  service: "How etcd is run.",
  release: "Where etcd's binaries come from.",
  consumers: "For `quorate export env`.",
  state: "Your own records: the CA, journals, and for local clusters the members themselves.",
};

const order: readonly (keyof Draft)[] = [
  ...(["name", "allow-single", "allow-even", "hosts", "members", "ssh", "etcd", "tls", "auth", "paths"] as const),
  ...(["service", "release", "consumers", "state"] as const),
];

export function writeSpec(draft: Draft): string {
  const sections = order.flatMap((key) => {
    const value = key === "members" ? compact(draft.members) : draft[key];
    const lines = value === undefined ? [] : emitEntry(key, value, 0);
    const remark = remarks[key];
    if (lines.length === 0) return [];
    return [remark === undefined ? lines.join("\n") : `\n# ${remark}\n${lines.join("\n")}`];
  });
  return `# What \`quorate up\` builds. Every field: docs/reference/cluster-file.md\n${sections.join("\n")}\n`;
}

/** The short form, when it says all there is. */
function compact(members: Draft["members"]): Draft["members"] {
  if (!Array.isArray(members) || members.length === 0) return members;
  const names = new Set(members.map((member) => member.name));
  const plain = members.every((member: DraftMember) =>
    Object.keys(member).every((key) => key === "name" || (key === "address" && member.address !== undefined)),
  );
  if (!plain || names.size !== members.length) return members;
  return Object.fromEntries(members.map(({ name, address }) => [name, address ?? {}]));
}
