/** One plan, step by step and in the middle of each, against everything that a plan must never do. */
import type { Facts } from "../../src/observe/facts.js";
import type { Plan, Stage } from "../../src/plan/plan.js";
import type { Wish } from "../../src/plan/wish.js";
import { effectOf, kindOf, type Step } from "../../src/steps/kinds.js";
import { minorOf, perform, quorate, spare, truthsOf, type Members } from "./etcd-model.js";
import { judgeLeaders } from "./leaders.js";
import { judgeEnd } from "./outcome.js";

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
  for (const truth of truthsOf(plan.before)) {
    const watch = new Watch(wish, truth, violations, tight);
    let [now, members] = [plan.before, truth];
    for (const stage of plan.stages) {
      for (const what of together(stage, now, members)) violations.add(what);
      watch.look(allDown(stage, members), stage.steps[0], true);
      for (const step of stage.steps) {
        for (const what of orderly(wish, step, now, members)) violations.add(what);
        const refusal = kindOf(step).guard(step, now);
        if (refusal !== undefined && !patient.has(step.kind))
          violations.add(`${step.kind}: its own guard refuses, ${refusal.code}`);
        const done = perform(step, members);
        for (const objection of done.objections) violations.add(`${step.kind}: ${objection}`);
        for (const { members: then, amid } of done.moments) watch.look(then, step, amid);
        members = done.moments.at(-1)?.members ?? members;
        now = effectOf(step, now);
      }
    }
    moments += watch.moments;
  }
  for (const what of [...judgeLeaders(plan), ...judgeEnd(wish, plan)]) violations.add(what);
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
function together({ steps }: Stage, _now: Facts, members: Members): string[] {
  const disturbed = new Set(steps.filter(({ kind }) => disturbing.has(kind)).map(({ member }) => member));
  return disturbed.size > 1 && quorate(members) ? ["one at a time: a stage disturbs several members"] : [];
}

/** Whoever may be down at the same moment of a stage. */
function allDown({ steps }: Stage, members: Members): Members {
  const down = new Map(members);
  for (const { kind, member } of steps) {
    const mate = down.get(member);
    if (mate !== undefined && (kind === "restart-member" || kind === "stop-member"))
      down.set(member, { ...mate, up: false });
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
    this.quorate = quorate(truth);
    this.best = spare(truth);
    this.copies = Math.min(2, copiesOf(truth), wish.spec.members.length);
    this.near = apart(truth) <= 1;
  }

  look(members: Members, step: Step | undefined, amid: boolean): void {
    this.moments += 1;
    const { violations, wish } = this;
    const what = step?.kind ?? "";
    const left = spare(members);
    if (this.quorate && left < 0 && !wish.downtime) violations.add(`quorum is lost: ${what}`);
    if (this.best >= 1 && left === 0) this.tighten(members, what, amid);
    if (!amid) this.best = Math.max(this.best, left);
    if (copiesOf(members) < this.copies) violations.add(`one more loss would lose data: ${what}`);
    if (forgetful(members)) violations.add(`a majority without what was acknowledged: ${what}`);
    if (this.near && apart(members) > 1) violations.add(`versions more than a minor apart: ${what}`);
  }

  private tighten(members: Members, what: string, amid: boolean): void {
    const voters = [...members.values()].filter(({ role }) => role === "voter");
    const down = voters.filter(({ up }) => !up).length;
    const why =
      voters.length <= 2 && down === 0
        ? "one or two voters"
        : amid && down === 1 && voters.length <= 4
          ? `the one being restarted, of ${voters.length}`
          : this.wish.downtime && amid
            ? "downtime accepted"
            : undefined;
    if (why === undefined) this.violations.add(`no spare left without need: ${what}`);
    else this.tight[why] = (this.tight[why] ?? 0) + 1;
  }
}

/** Members that hold all that was acknowledged, and whose disks are there. */
const copiesOf = (members: Members): number =>
  [...members.values()].filter(({ role, copy, there }) => role === "voter" && copy === "full" && there).length;

/** Voters that could elect one of themselves without anybody who knows everything. */
function forgetful(members: Members): boolean {
  const voters = [...members.values()].filter(({ role }) => role === "voter");
  const without = voters.filter(({ copy, up }) => copy === "stale" || (copy === "none" && up)).length;
  return without >= Math.floor(voters.length / 2) + 1;
}

function apart(members: Members): number {
  const minors = [...members.values()].flatMap(({ role, up, version }) =>
    role !== "none" && up && version !== "" ? [minorOf(version)] : [],
  );
  return minors.length === 0 ? 0 : Math.max(...minors) - Math.min(...minors);
}
