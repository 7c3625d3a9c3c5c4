/** The take-over itself, as a plan: every host keeps a note of what was accepted there. Nothing is stopped or started. */
import { quorum, sayQuorum } from "../observe/quorum.js";
import type { Facts } from "../observe/facts.js";
import { desiredOf, keeperOf } from "../plan/desired.js";
import type { Plan, Problem } from "../plan/plan.js";
import type { Spec } from "../spec/spec.js";
import { effectOf } from "../steps/kinds.js";
import type { MarkMember } from "../steps/mark-member.js";
import { planOf, type Survey } from "../survey.js";

/** Pure: the same survey gives the same plan. What would refuse any other plan refuses this one too. */
export function acceptance(spec: Spec, looked: Survey): Plan {
  const usual = planOf(spec, looked);
  const steps = spec.members.flatMap((member): MarkMember[] => {
    const host = looked.seen.hosts[member.name];
    const facts = usual.before.members[member.name];
    const process = host?.reach === "reachable" ? host.service.fingerprint : undefined;
    if (facts === undefined || process === undefined) return [];
    const { config } = desiredOf(spec, member, looked.version, facts.arch);
    return [
      {
        kind: "mark-member",
        member: member.name,
        state: member.paths.state,
        clusterId: usual.clusterId,
        ...keeperOf(spec),
        adopted: { process, config, unit: facts.unit },
      },
    ];
  });
  const problems = [...usual.problems.filter(({ code }) => code !== "E_FOREIGN_ETCD"), ...notRead(spec, steps)];
  const open = steps.filter((step) => !isNoted(step, usual.before));
  const after = open.reduce((facts, step) => effectOf(step, facts), usual.before);
  const stage = { title: "note on every host what was adopted there", steps: open, quorum: sayQuorum(quorum(after)) };
  return { ...usual, stages: open.length === 0 ? [] : [stage], after, problems };
}

const isNoted = ({ member, adopted }: MarkMember, { members }: Facts): boolean => {
  const now = members[member];
  return now?.mark === "yes" && now.adopted?.config === adopted?.config && now.config === adopted?.config;
};

/** Every member runs under the unit that the file names, and quorate did not start it. */
const notRead = (spec: Spec, steps: readonly MarkMember[]): Problem[] =>
  spec.members
    .filter(({ name }) => !steps.some(({ member }) => member === name))
    .map(({ name }) => ({
      code: "E_ADOPT_NONE",
      member: name,
      message: `unit ${spec.service.unit} holds no etcd there that somebody else started`,
      severity: "refuse",
    }));
