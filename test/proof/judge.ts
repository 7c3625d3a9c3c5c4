/** One plan, step by step and in the middle of each, against everything that a plan must never do. */
import type { Facts } from "../../src/observe/facts.js";
import type { Plan, Stage } from "../../src/plan/plan.js";
import type { Wish } from "../../src/plan/wish.js";
import type { Step } from "../../src/steps/kinds.js";
import { minorOf, perform, quorate, truthsOf, type Members } from "./etcd-model.js";
import { judgeLeaders } from "./leaders.js";
import { judgeEnd } from "./outcome.js";
import { sumOf, type Sum } from "./sum.js";
import { walk } from "./walk.js";

export interface Verdict {
  readonly violations: readonly string[];
  /** Moments at which one more loss would have ended service, though not data, by why that had to be. */
  readonly tight: Readonly<Record<string, number>>;
  readonly moments: number;
}

export function judge(wish: Wish, plan: Plan): Verdict {
  const violations = new Set<string>();
  const tight: Record<string, number> = {};
  let moments = 0;
  const stages = walk(plan);
  for (const { path } of stages)
    for (const { step, refusal } of path)
      if (refusal !== undefined && !patient.has(step.kind))
        violations.add(`${step.kind}: its own guard refuses, ${refusal}`);
  for (const truth of truthsOf(plan.before, wish.spec)) {
    const watch = new Watch(wish, truth, violations, tight);
    let members = truth;
    for (const { stage, path } of stages) {
      for (const what of together(stage, members)) violations.add(what);
      watch.look(allDown(stage, members), stage.steps[0], true);
      for (const { step, now } of path) {
        for (const what of orderly(wish, step, now, members)) violations.add(what);
        const done = perform(step, members, wish.spec);
        for (const objection of done.objections) violations.add(`${step.kind}: ${objection}`);
        for (const { members: then, amid } of done.moments) watch.look(then, step, amid);
        members = done.moments.at(-1)?.members ?? members;
      }
    }
    moments += watch.moments;
  }
  for (const what of [...judgeLeaders(stages.flatMap(({ path }) => path)), ...judgeEnd(wish, plan)])
    violations.add(what);
  return { violations: [...violations], tight, moments };
}

/** Steps that are planned so that what they wait for comes by itself. */
const patient = new Set<Step["kind"]>(["promote-member", "mark-member"]);

const disturbing = new Set<Step["kind"]>([
  "restart-member",
  "update-member",
  "remove-member",
  "add-member",
  "promote-member",
  "move-leader",
  "stop-member",
]);

/** Steps of different members run side by side, so a stage may disturb one member only. */
function together({ steps }: Stage, members: Members): string[] {
  const disturbed = new Set(steps.filter(({ kind }) => disturbing.has(kind)).map(({ member }) => member));
  return disturbed.size > 1 && quorate(members) ? ["one at a time: a stage disturbs several members"] : [];
}

/** Whoever may be down at the same moment of a stage. */
function allDown({ steps }: Stage, members: Members): Members {
  const ended = steps.filter(({ kind }) => kind === "restart-member" || kind === "stop-member");
  if (ended.length === 0) return members;
  const down = new Map(members);
  for (const { member } of ended) {
    const mate = down.get(member);
    if (mate !== undefined) down.set(member, { ...mate, up: false });
  }
  return down;
}

function orderly(wish: Wish, step: Step, now: Facts, members: Members): string[] {
  const found: string[] = [];
  if (step.kind === "add-member") {
    const dead = Object.entries(now.members).some(([name, member]) => {
      const mate = members.get(name);
      if (mate?.role !== "voter" || mate.up || member.process === "up") return false;
      return (
        member.place === "former" || wish.remove.includes(name) || (member.reach === "yes" && member.data === "absent")
      );
    });
    if (dead) found.push("adds before a dead one is removed");
  }
  const running = [...members].filter(([name, { up, role }]) => up && role !== "none" && name !== step.member);
  if (step.kind === "start-member" && members.get(step.member)?.copy === "none" && running.length > 0) {
    const newest = Math.max(...running.map(([, { version }]) => minorOf(version)));
    if (minorOf(step.version) > newest) found.push("a joiner is newer than the cluster");
  }
  return found;
}

/** What must hold at every moment, given how it began. */
class Watch {
  moments = 0;
  private best: number;
  private readonly copies: number;
  private readonly near: boolean;
  private readonly quorate: boolean;

  constructor(
    private readonly wish: Wish,
    truth: Members,
    private readonly violations: Set<string>,
    private readonly tight: Record<string, number>,
  ) {
    const { spare, copies, apart } = sumOf(truth);
    this.quorate = spare >= 0;
    this.best = spare;
    this.copies = Math.min(2, copies, wish.spec.members.length);
    this.near = apart <= 1;
  }

  look(members: Members, step: Step | undefined, amid: boolean): void {
    this.moments += 1;
    const { violations, wish } = this;
    const what = step?.kind ?? "";
    const now = sumOf(members);
    if (this.quorate && now.spare < 0 && !wish.downtime) violations.add(`quorum is lost: ${what}`);
    if (this.best >= 1 && now.spare === 0) this.tighten(now, what, amid);
    if (!amid) this.best = Math.max(this.best, now.spare);
    if (now.copies < this.copies) violations.add(`one more loss would lose data: ${what}`);
    if (now.forgetful) violations.add(`a majority without what was acknowledged: ${what}`);
    if (this.near && now.apart > 1) violations.add(`versions more than a minor apart: ${what}`);
  }

  private tighten({ voters, down }: Sum, what: string, amid: boolean): void {
    const why =
      voters <= 2 && down === 0
        ? "one or two voters"
        : amid && down === 1 && voters <= 4
          ? `the one being restarted, of ${voters}`
          : this.wish.downtime && amid
            ? "downtime accepted"
            : undefined;
    if (why === undefined) this.violations.add(`no spare left without need: ${what}`);
    else this.tight[why] = (this.tight[why] ?? 0) + 1;
  }
}
