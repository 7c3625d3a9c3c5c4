/** What is looked for before the first member of 3.5 starts 3.6, which reads what no line before it has gone by. */
import { releasePath, walPath } from "../../observe/question.js";
import { lineOf } from "../../release/versions.js";
import { floorOf, goalOf, nextHop, runningVersions, settled } from "../goal-version.js";
import type { Rule } from "../wish.js";

const [before, line] = ["3.5", "3.6"];

/** Before anything else is done for the hop: one 3.6 that goes by other members turns the others away for good. */
export const compareMembers: Rule = (wish, now) => {
  if (now.comparedFor === line || !settled(wish, now)) return undefined;
  if (lineOf(floorOf(wish, now)) !== before || lineOf(nextHop(wish, now)) !== line) return undefined;
  // Once one has gone over, it has shown what it goes by.
  if (runningVersions(now).some((version) => lineOf(version) === line)) return undefined;
  const members = wish.spec.members.map(({ name, client }) => ({ name, clientUrl: client.url }));
  const [first] = members;
  if (first === undefined) return undefined;
  return {
    title: `see that every member has the members by which ${line} goes`,
    steps: [{ kind: "compare-members", member: first.name, line, members }],
  };
};

/**
 * Right before a member gets the unit that would start 3.6: by then its log begins anew, so what was removed long ago is in
 * the way no more, and what is there is in the snapshot, where every etcdutl that can look finds it.
 */
export const checkV2Store: Rule = (wish, now) => {
  // etcd's own way past it.
  if (wish.spec.etcd.settings["v2-deprecation"] === "write-only-skip-check") return undefined;
  const steps = wish.spec.members.flatMap((member) => {
    const { version = "", reach, process } = now.members[member.name] ?? {};
    if (reach !== "yes" || process !== "up" || version === "" || lineOf(version) !== before) return [];
    if (now.withoutV2?.includes(member.name) === true || lineOf(goalOf(wish, now, member).version) !== line) return [];
    const { data, state } = member.paths;
    const etcdutl = `${releasePath(member, version)}/etcdutl`;
    const step = { kind: "check-v2-store" as const, member: member.name, version, etcdutl, data };
    return [{ ...step, wal: walPath(member), state }];
  });
  return { title: `see that ${line} can start from what is on disk`, steps };
};
