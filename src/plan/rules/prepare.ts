import type { Facts, MemberFacts } from "../../observe/facts.js";
import { releasePath } from "../../observe/question.js";
import type { MemberSpec } from "../../spec/spec.js";
import type { Step } from "../../steps/kinds.js";
import { currentLink, desiredOf, type Desired, type Directory } from "../desired.js";
import { digestOf } from "../digest.js";
import { goalOf } from "../goal-version.js";
import type { Rule, Wish } from "../wish.js";
import { trustSteps } from "./trust.js";

/** New files everywhere: harmless to a running member, so on all hosts side by side. */
export const prepare: Rule = (wish, now) => {
  const steps = wish.spec.members.flatMap((member) => {
    const facts = now.members[member.name];
    return facts?.reach === "yes" ? prepareMember(wish, now, member, facts) : [];
  });
  return { title: "prepare the hosts", steps };
};

function prepareMember(wish: Wish, now: Facts, member: MemberSpec, facts: MemberFacts): Step[] {
  const { spec } = wish;
  const goal = goalOf(wish, now, member);
  const { version } = goal;
  const desired = desiredOf(goal.spec, member, version, facts.arch);
  if (isAsAdopted(facts, desired)) return [];
  const steps: Step[] = [];
  if (facts.user !== "yes" || desired.directories.some((directory) => isAmiss(directory, member, facts))) {
    const { user, group } = spec.service;
    steps.push({
      kind: "prepare-host",
      member: member.name,
      user,
      newUser: facts.user !== "yes",
      group,
      home: member.paths.data,
      directories: desired.directories,
    });
  }
  if (facts.releases[version] !== "sealed") {
    const path = releasePath(member, version);
    steps.push({
      kind: "install-release",
      member: member.name,
      version,
      arch: facts.arch,
      path,
      current: currentLink(member),
      ...desired.keeper,
    });
  }
  steps.push(...trustSteps(spec, member, facts));
  if (facts.unit !== digestOf(desired.unit.text) || facts.enabled !== "yes") {
    steps.push({
      kind: "install-unit",
      member: member.name,
      unit: spec.service.unit,
      ...desired.unit,
      ...desired.keeper,
    });
  }
  return steps;
}

/** What somebody else made stays as long as nobody asks for anything else, and the unit is still theirs. */
const isAsAdopted = ({ adopted, unit }: MemberFacts, desired: Desired): boolean =>
  adopted !== undefined && adopted.config === desired.config && adopted.unit === unit;

/** That the folder of quorate's own records is absent is no reason by itself: taking the lock makes it. */
function isAmiss(
  { path, mode, owner, group }: Directory,
  { paths }: MemberSpec,
  { directories }: MemberFacts,
): boolean {
  const now = directories[path];
  return now === undefined ? path !== paths.state : now !== `${mode} ${owner}:${group}`;
}
