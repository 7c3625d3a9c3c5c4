/** Which version a member is to have next, on a way of one or more hops, and with which settings. */
import type { Facts, MemberFacts } from "../observe/facts.js";
import { isVoter } from "../observe/quorum.js";
import type { MemberSpec, Spec } from "../spec/spec.js";
import { lineOf } from "../release/versions.js";
import { desiredOf } from "./desired.js";
import { compareVersions } from "./versions.js";
import type { Wish } from "./wish.js";

/** The members are the wanted ones, all of them voters that serve: nothing but their own state is left to change. */
export function settled({ spec }: Wish, now: Facts): boolean {
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

/** The version that is left behind last: of the members that run, the one that is furthest from the goal. */
export function floorOf({ hops, from }: Wish, now: Facts): string {
  const running = runningVersions(now);
  const distance = (version: string): number => (hops.includes(version) ? hops.indexOf(version) : -1);
  const [furthest] = running.sort((a, b) => distance(a) - distance(b) || compareVersions(a, b));
  return furthest ?? from ?? hops[0] ?? "";
}

/** The next stop on the way; the goal itself when it is reached. */
export function nextHop(wish: Wish, now: Facts): string {
  const floor = floorOf(wish, now);
  const index = wish.hops.indexOf(floor);
  return wish.hops[Math.min(index + 1, wish.hops.length - 1)] ?? floor;
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
  if (settled(wish, now)) return nextHop(wish, now);
  const versions = new Set(runningVersions(now));
  const veteran = member !== undefined && isVoter(member) && member.data === "ours";
  return veteran && versions.size > 1 ? nextHop(wish, now) : floorOf(wish, now);
}
