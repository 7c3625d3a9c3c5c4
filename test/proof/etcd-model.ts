/**
 * A small model of what steps do to real etcd members. It shares no code with the steps' own effects: those say what is
 * hoped for, this says what can happen.
 */
import type { Facts, MemberFacts } from "../../src/observe/facts.js";
import { desiredOf } from "../../src/plan/desired.js";
import type { Spec } from "../../src/spec/spec.js";
import type { Step } from "../../src/steps/kinds.js";
import { hasQuorum } from "./live.js";

export interface Mate {
  readonly role: "voter" | "learner" | "none";
  /** Its process takes part. */
  readonly up: boolean;
  /** full: all that was acknowledged. stale: its own data, which may lack the newest. none: nothing. */
  readonly copy: "full" | "stale" | "none";
  /** It has had data under its identity, so it may not start with none. */
  readonly started: boolean;
  readonly version: string;
  readonly leads: boolean;
  /** The disk and its machine are there. */
  readonly there: boolean;
  /** Peer URLs: where the others dial it, and where its process listens. */
  readonly listedAt: string;
  readonly listensAt: string;
}

export type Members = ReadonlyMap<string, Mate>;

export const quorate = (members: Members): boolean =>
  hasQuorum([...members.values()].map(({ role, up }) => ({ voter: role === "voter", live: up })));

/**
 * What may be true when this is seen. What was acknowledged is on a majority of voters: on those that are level, on one
 * whose disk is lost, or on others of which nobody can tell. Every least such choice is one possible truth.
 */
export function truthsOf(facts: Facts, spec: Spec): Members[] {
  const seen = new Map(
    Object.entries(facts.members).map(([name, member]) => [name, mateOf(member, listenerOf(name, member, spec))]),
  );
  const voters = [...seen].filter(([, { role }]) => role === "voter");
  const full = voters.filter(([, { copy }]) => copy === "full").length;
  const missing = Math.floor(voters.length / 2) + 1 - full;
  if (missing <= 0) return [seen];
  const candidates = voters.filter(([, { copy }]) => copy !== "full").map(([name]) => name);
  return choose(candidates, missing).map((chosen) => {
    const truth = new Map(seen);
    for (const name of chosen) {
      const mate = truth.get(name);
      if (mate?.copy === "stale") truth.set(name, { ...mate, copy: "full" });
    }
    return truth;
  });
}

function choose(names: readonly string[], count: number): string[][] {
  if (count === 0) return [[]];
  return names.flatMap((name, index) => choose(names.slice(index + 1), count - 1).map((rest) => [name, ...rest]));
}

/** It was started with the file that is wanted, or with that of before, which said what the list says. */
function listenerOf(name: string, { config, version, arch, listedAt }: MemberFacts, spec: Spec): string {
  const member = spec.members.find((one) => one.name === name);
  return member !== undefined && version !== "" && config === desiredOf(spec, member, version, arch).config
    ? member.peer.url
    : listedAt;
}

function mateOf(member: MemberFacts, listensAt: string): Mate {
  const { place, listed, learner, serving, caughtUp, data, reach, version, leader } = member;
  const onList = listed === "started" || listed === "unstarted" || (listed === "unknown" && place === "wanted");
  const had =
    listed === "started" || (listed === "unknown" && (data === "ours" || member.mark === "yes" || reach !== "yes"));
  const holds = data === "ours" || (data === "unknown" && listed !== "unstarted" && listed !== "absent");
  return {
    role: !onList ? "none" : learner ? "learner" : "voter",
    up: serving === "yes",
    copy: !holds ? "none" : serving === "yes" && caughtUp === "yes" ? "full" : "stale",
    started: had,
    version,
    leads: leader,
    there: reach === "yes" || serving === "yes",
    listedAt: member.listedAt,
    listensAt,
  };
}

export interface Moment {
  readonly members: Members;
  /** In the middle of a step. */
  readonly amid: boolean;
}

/**
 * @returns the moments of a step, the last being its end; and what real etcd, or sense, would have against it
 */
export function perform(step: Step, before: Members, spec: Spec): { moments: Moment[]; objections: string[] } {
  const own = before.get(step.member);
  const objections: string[] = [];
  const object = (when: boolean, what: string): void => {
    if (when) objections.push(what);
  };
  const end = (members: Members): Moment => ({ members, amid: false });
  if (own === undefined) return { moments: [end(before)], objections: [`nobody knows ${step.member}`] };
  const change = (part: Partial<Mate>, to: Members = before): Members => {
    const now = to.get(step.member) ?? own;
    return new Map([...to, [step.member, { ...now, ...part }]]);
  };
  const url = spec.members.find(({ name }) => name === step.member)?.peer.url ?? own.listedAt;
  switch (step.kind) {
    case "start-member": {
      object(
        own.copy === "none" && own.started && own.role !== "none",
        "starts empty under an identity that has had data",
      );
      object(own.role === "none" && before.size > 0 && quorate(before), "starts although the cluster does not know it");
      object(
        own.copy === "none" && own.role === "learner" && own.listedAt !== url,
        "a new member starts at another address than the list has for it",
      );
      const started = { up: true, started: true, version: step.version, listensAt: url };
      const begun = change({ ...started, copy: own.copy === "none" ? "stale" : own.copy });
      return { moments: [end(quorate(begun) ? caughtUp(begun, step.member) : begun)], objections };
    }
    case "restart-member": {
      const away = written(change({ up: false, leads: false, copy: own.copy }));
      const up = new Map([
        ...away,
        [step.member, { ...(away.get(step.member) ?? own), up: true, version: step.version, listensAt: url }],
      ]);
      return {
        moments: [{ members: away, amid: true }, end(quorate(up) ? caughtUp(up, step.member) : up)],
        objections,
      };
    }
    case "update-member":
      object(own.role === "learner", "a learner would be promoted silently");
      object(!quorate(before), "no quorum to change a member");
      if (!own.up || own.listensAt === step.to) return { moments: [end(change({ listedAt: step.to }))], objections };
      // The others dial the new address from now on, where nobody listens yet.
      return {
        moments: [{ members: written(change({ up: false, leads: false, listedAt: step.to })), amid: true }],
        objections,
      };
    case "add-member":
      object(!quorate(before), "no quorum to add a member");
      object(
        [...before.values()].some(({ role }) => role === "learner"),
        "a second learner",
      );
      return {
        moments: [end(change({ role: "learner", started: false, listedAt: step.peerUrl }, committed(before)))],
        objections,
      };
    // Its guard looks at what is seen, so one that runs is waited for.
    case "promote-member":
      object(own.role !== "learner", "promotes one that is no learner");
      object(!own.up, "promotes a learner that has not caught up");
      object(!quorate(before), "no quorum to promote a member");
      return { moments: [end(caughtUp(change({ role: "voter" }, committed(before)), step.member))], objections };
    case "remove-member": {
      const after = change({ role: "none", up: false, leads: false }, committed(before));
      object(!quorate(before), "no quorum to remove a member");
      object(!quorate(after), "no quorum without the removed member");
      return { moments: [end(written(after))], objections };
    }
    case "move-leader": {
      const to = before.get(step.to);
      object(!own.leads, "hands over what it does not lead");
      object(to?.role !== "voter" || !to.up || to.copy !== "full", "hands over to one that is not fit to lead");
      if (to === undefined) return { moments: [end(before)], objections };
      return { moments: [end(new Map([...change({ leads: false }), [step.to, { ...to, leads: true }]]))], objections };
    }
    case "retire-member":
      object(own.role !== "none", "clears a host of a member that still counts");
      return { moments: [end(change({ up: false, copy: "none", started: false }))], objections };
    case "move-aside":
      object(own.copy !== "none", "moves data of a member");
      return { moments: [end(change({ copy: "none" }))], objections };
    case "allow-downgrade": {
      const minors = [...before.values()].flatMap(({ role, up, version }) =>
        role !== "none" && up ? [minorOf(version)] : [],
      );
      object(
        Math.min(...minors) !== minorOf(step.line) + 1,
        "a downgrade that is not one line below what the cluster is at",
      );
      return { moments: [end(before)], objections };
    }
    case "stop-member":
    case "remove-files":
      return { moments: [end(change({ up: false }))], objections: ["ends a member for good"] };
    default:
      return { moments: [end(before)], objections };
  }
}

const minors = new Map<string, number>();

export function minorOf(version: string): number {
  const minor = minors.get(version) ?? Number(version.split(".")[1] ?? "0");
  minors.set(version, minor);
  return minor;
}

/** It is waited for until it has what the others have. */
function caughtUp(members: Members, name: string): Members {
  const mate = members.get(name);
  return mate === undefined ? members : new Map([...members, [name, { ...mate, copy: "full" }]]);
}

/** As long as a quorum serves, clients write; whoever is down lacks it from then on. */
function written(members: Members): Members {
  if (!quorate(members)) return members;
  const kept = [...committed(members)].map(
    ([name, mate]) => [name, !mate.up && mate.copy === "full" ? { ...mate, copy: "stale" as const } : mate] as const,
  );
  return new Map(kept);
}

/** An entry counts when a majority has it with all before it: so those that lag are waited for when there are no others. */
function committed(members: Members): Members {
  const voters = [...members].filter(([, { role }]) => role === "voter");
  let missing = Math.floor(voters.length / 2) + 1 - voters.filter(([, { up, copy }]) => up && copy === "full").length;
  const after = new Map(members);
  for (const [name, mate] of voters) {
    if (missing <= 0 || !mate.up || mate.copy === "full") continue;
    after.set(name, { ...mate, copy: "full" });
    missing -= 1;
  }
  return after;
}
