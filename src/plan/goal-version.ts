/** Which version a member is to have next, on a way of one or more hops, and with which settings. */
import type { Facts, MemberFacts } from "../observe/facts.js";
import { isVoter } from "../observe/quorum.js";
import type { MemberSpec, Spec } from "../spec/spec.js";
import { lineOf } from "../release/versions.js";
import { desiredOf } from "./desired.js";
import { compareVersions } from "./versions.js";
import type { Wish } from "./wish.js";

/** What the facts say for all members alike. Every rule asks for it, for each of them, so it is worked out once. */
interface Course {
  readonly settled: boolean;
  /** Versions that members run, each once. */
  readonly running: readonly string[];
  readonly floor: string;
  readonly next: string;
}

const courses = new WeakMap<Facts, { readonly wish: Wish; readonly course: Course }>();

function courseOf(wish: Wish, now: Facts): Course {
  const known = courses.get(now);
  if (known?.wish === wish) return known.course;
  const running = [...new Set(runningVersions(now))];
  const floor = furthest(wish, running);
  const index = wish.hops.indexOf(floor);
  const next = wish.hops[Math.min(index + 1, wish.hops.length - 1)] ?? floor;
  const course = { settled: isSettled(wish, now), running, floor, next };
  courses.set(now, { wish, course });
  return course;
}

/** The members are the wanted ones, all of them voters that serve: nothing but their own state is left to change. */
export const settled = (wish: Wish, now: Facts): boolean => courseOf(wish, now).settled;

/** The version that is left behind last: of the members that run, the one that is furthest from the goal. */
export const floorOf = (wish: Wish, now: Facts): string => courseOf(wish, now).floor;

/** The next stop on the way; the goal itself when it is reached. */
export const nextHop = (wish: Wish, now: Facts): string => courseOf(wish, now).next;

function isSettled({ spec }: Wish, now: Facts): boolean {
  const names = new Set(spec.members.map(({ name }) => name));
  return Object.entries(now.members).every(([name, member]) =>
    names.has(name) ? isWhole(member) : member.listed === "absent",
  );
}

const isWhole = (member: MemberFacts): boolean =>
  member.listed === "started" &&
  !member.learner &&
  member.process === "up" &&
  member.serving === "yes" &&
  member.caughtUp === "yes";

/** Versions that members run; one that has been struck off the list may still be there, and does not matter. */
export const runningVersions = (now: Facts): string[] =>
  Object.values(now.members).flatMap(({ version, listed }) => (version === "" || listed === "absent" ? [] : [version]));

function furthest({ hops, from }: Wish, running: readonly string[]): string {
  const distance = (version: string): number => hops.indexOf(version);
  const [first] = running.toSorted((a, b) => distance(a) - distance(b) || compareVersions(a, b));
  return first ?? from ?? hops[0] ?? "";
}

export interface Goal {
  readonly version: string;
  /** The wanted one, or that with what is needed for a while. */
  readonly spec: Spec;
  /** Why it is not simply as the file says; undefined when it is. */
  readonly because: string | undefined;
}

/** What a member is to run next. */
export function goalOf(wish: Wish, now: Facts, member: MemberSpec): Goal {
  const facts = now.members[member.name];
  if (facts !== undefined && settled(wish, now) && needsFreshLog(wish, now, member, facts)) {
    const because = `it takes a snapshot, so that its log holds nothing from before ${lineOf(facts.version)}`;
    return { version: facts.version, spec: withSnapshots(wish.spec), because };
  }
  return { version: goalVersion(wish, now, member), spec: wish.spec, because: undefined };
}

/**
 * From 3.6 on, etcd starts from its log as the line before wrote it, and no older one: 3.6 that reads what 3.4 wrote calls
 * the other members removed, 3.7 that reads what 3.5 wrote does not start. What is covered by a snapshot is not read. So
 * each member is first made to take one on the line that it leaves, by a restart that snapshots every entry.
 */
function needsFreshLog(wish: Wish, now: Facts, member: MemberSpec, { version, config, arch }: MemberFacts): boolean {
  const next = nextHop(wish, now);
  if (version === "" || lineOf(next) === lineOf(version) || compareVersions(next, version) < 0) return false;
  if (compareVersions(next, "3.6.0") < 0) return false;
  return config !== desiredOf(withSnapshots(wish.spec), member, version, arch).config;
}

const fresh = new WeakMap<Spec, Spec>();

function withSnapshots(spec: Spec): Spec {
  const made = fresh.get(spec) ?? {
    ...spec,
    etcd: { ...spec.etcd, settings: { ...spec.etcd.settings, "snapshot-count": "1" } },
  };
  fresh.set(spec, made);
  return made;
}

/**
 * A new member never comes with a newer version than the cluster has. One that was stopped in the middle of a roll
 * goes on to where the others are going; before a roll, everything is first made whole as it is.
 */
function goalVersion(wish: Wish, now: Facts, { name }: MemberSpec): string {
  const member = now.members[name];
  const course = courseOf(wish, now);
  if (course.settled) return course.next;
  const veteran = member !== undefined && isVoter(member) && member.data === "ours";
  return veteran && course.running.length > 1 ? course.next : course.floor;
}
