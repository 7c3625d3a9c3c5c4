/** Members that quorate has put somewhere, and that the file no longer names there. */
import type { MemberSpec, Spec } from "./spec.js";

/** @returns the spec with its former members, whose names are made unlike those of the wanted ones */
export function withFormer(spec: Spec, roster: readonly MemberSpec[]): Spec {
  const homes = new Set(spec.members.map(homeOf));
  const gone = roster.filter((member) => !homes.has(homeOf(member)));
  if (gone.length === 0) return spec;
  const names = new Set(spec.members.map(({ name }) => name));
  return { ...spec, former: gone.map((member) => (names.has(member.name) ? renamed(member) : member)) };
}

/** Where a member lives: its machine, and its place on it. */
export const homeOf = ({ host, paths }: MemberSpec): string =>
  JSON.stringify([host.kind === "ssh" ? [host.host, host.port ?? 22, host.jump ?? ""] : "local", paths.data]);

const renamed = (member: MemberSpec): MemberSpec =>
  member.name.includes("@") ? member : { ...member, name: `${member.name}@${member.peer.address}` };
