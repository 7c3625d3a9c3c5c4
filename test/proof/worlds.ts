/** Small worlds: members in their states, who leads, and what the file asks for. Like members are interchangeable. */
import type { Facts, MemberFacts } from "../../src/observe/facts.js";
import type { Wish } from "../../src/plan/wish.js";
import type { MemberSpec } from "../../src/spec/spec.js";
import { factsOfState, line, memberStates, sketches, hostStates, type State } from "./alphabet.js";
import { cut, type Change, type Cut } from "./changes.js";
import { hasQuorum, type Live } from "./live.js";

export interface World {
  readonly label: () => string;
  readonly change: Change;
  readonly size: number;
  readonly wish: Wish;
  readonly facts: Facts;
}

const everyState = Object.keys(memberStates) as State[];
/** What differs only in files does not matter for one that goes. */
const goingStates: readonly State[] = [
  "level",
  "lagging",
  "hung",
  "stopped",
  "disk lost",
  "learner",
  "announced",
  "cut off, serving",
  "cut off, dead",
];
const strangerStates: readonly State[] = ["cut off, serving", "cut off, dead", "announced", "lagging"];
const hosts = Object.keys(hostStates) as State[];

/** Multisets of a size over the first states, in order. */
export function* multisets(states: readonly State[], size: number, first = 0): Generator<State[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let index = first; index < states.length; index += 1)
    for (const rest of multisets(states, size - 1, index)) yield [states[index] ?? "level", ...rest];
}

/** The same in every order of the members. */
export function* tuples(states: readonly State[], size: number): Generator<State[]> {
  if (size === 0) yield [];
  else for (const state of states) for (const rest of tuples(states, size - 1)) yield [state, ...rest];
}

/** New hosts are all alike, or all but one. */
function* newHosts(size: number): Generator<State[]> {
  if (size === 0) yield [];
  else for (const state of hosts) yield [state, ...Array.from({ length: size - 1 }, (): State => "prepared")];
}

/** Etcd allows one learner, and versions that are next to each other. */
function isPossible(states: readonly State[]): boolean {
  const learners = states.filter((state) => sketches[state].learner === true).length;
  return learners <= 1 && !(states.includes("a hop behind") && states.includes("a hop ahead"));
}

/**
 * Every world of a size for a change, each made only when it is looked at.
 *
 * @param orders members that differ only by name are none the less tried in each other's place
 */
export function* worldsOf(change: Change, size: number, orders = false): Generator<() => World> {
  const choose = orders ? tuples : multisets;
  const parts = cut(change, size);
  if (parts === undefined) return;
  const make = maker(change, size, parts);
  for (const gone of choose(goingStates, parts.gone.length))
    for (const moved of choose(everyState, parts.readdressed.length))
      for (const stranger of parts.stranger === undefined ? [[]] : choose(strangerStates, 1))
        for (const stay of choose(everyState, parts.stay.length)) {
          const old = [...stay, ...moved, ...gone, ...stranger];
          if (!isPossible(old) || !old.some((state) => sketches[state].listed !== "absent")) continue;
          for (const added of newHosts(parts.added.length)) yield* make([...old, ...added]);
        }
}

/** The world in which each member is in the state that is told. */
export function oneWorld(change: Change, states: readonly State[], size: number): World {
  const parts = cut(change, size);
  const [make] = parts === undefined ? [] : maker(change, size, parts)(states);
  if (make === undefined) throw new Error(`${size} members cannot change like that: ${change.name}`);
  return make();
}

/** Facts of a member are the same in all worlds of a change, so they are made once. */
function maker(change: Change, size: number, parts: Cut): (states: readonly State[]) => Generator<() => World> {
  const wishes = new Map<string, Wish>();
  const old = [...parts.stay, ...parts.readdressed, ...parts.gone];
  const cast: (readonly [MemberSpec, MemberFacts["place"]])[] = [
    ...old.map((member) => [member, parts.gone.includes(member) ? "former" : "wanted"] as const),
    ...(parts.stranger === undefined ? [] : [[parts.stranger, "stranger"] as const]),
    ...parts.added.map((member) => [member, "wanted"] as const),
  ];
  const made = new Map<string, MemberFacts>();
  const factsFor = (state: State, index: number): MemberFacts => {
    const key = `${index} ${state}`;
    const [member, place] = cast[index] ?? [];
    if (member === undefined || place === undefined) throw new Error(`no member ${index}`);
    const ready =
      made.get(key) ?? factsOfState(sketches[state], { place, before: parts.before, member, base: change.from });
    made.set(key, ready);
    return ready;
  };
  // The same in one world after another, and so made once.
  const seen = new Map<MemberFacts, MemberFacts[]>();
  const seenAs = (facts: MemberFacts, leads: boolean, served: boolean, quorate: boolean): MemberFacts => {
    const ways = seen.get(facts) ?? [];
    seen.set(facts, ways);
    return (ways[(leads ? 4 : 0) + (served ? 2 : 0) + (quorate ? 1 : 0)] ??= asSeen(facts, leads, served, quorate));
  };
  const name = (index: number): string => cast[index]?.[0].name ?? "";
  const world = (states: readonly State[], members: readonly MemberFacts[], leader: number): World => {
    const quorate = hasQuorum(members.map(liveOf));
    const served = members.some(({ serving, learner }) => serving === "yes" && !learner);
    const facts: Facts = {
      formed: "cafe",
      alarms: [],
      downgrade: change.from > change.to && states.includes("a hop behind") ? lineOf(change.to) : "",
      saved: [],
      members: Object.fromEntries(
        members.map((member, index) => [name(index), seenAs(member, index === leader, served, quorate)]),
      ),
    };
    const hops = hopsFrom(change, facts);
    const wish = wishes.get(hops.join()) ?? wishFor(change, parts, hops);
    wishes.set(hops.join(), wish);
    const label = (): string =>
      `${change.name}: ${states.map((state, index) => `${name(index)} ${cast[index]?.[1]} ${state}${index === leader ? " (leads)" : ""}`).join("; ")}`;
    return { label, change, size, wish, facts };
  };
  return function* (states) {
    const members = states.map((state, index) => factsFor(state, index));
    const leaders = hasQuorum(members.map(liveOf)) ? everyLeader(states, members) : [];
    for (const leader of [-1, ...leaders]) yield () => world(states, members, leader);
  };
}

/** Whoever can lead, one of those that are alike. */
function everyLeader(states: readonly State[], members: readonly MemberFacts[]): number[] {
  const seen = new Set<string>();
  return members.flatMap(({ learner, caughtUp, place }, index) => {
    const key = `${states[index]} ${place}`;
    if (learner || caughtUp !== "yes" || seen.has(key)) return [];
    seen.add(key);
    return [index];
  });
}

const lineOf = (index: number): string => (line[index] ?? "").split(".").slice(0, 2).join(".");

export const liveOf = ({ listed, learner, serving }: MemberFacts): Live => ({
  voter: listed !== "absent" && !learner,
  live: serving === "yes",
});

/** Without a quorum nobody has a leader; with nobody that serves, nobody knows who the members are. */
function asSeen(facts: MemberFacts, leader: boolean, served: boolean, quorate: boolean): MemberFacts {
  const list = served ? {} : ({ listed: "unknown", listedAt: "", learner: false } as const);
  const progress = quorate ? { leader } : ({ leader: false, caughtUp: "no" } as const);
  return { ...facts, ...list, ...progress };
}

/** The versions to pass through from what runs, as a survey finds them. */
function hopsFrom(change: Change, { members }: Facts): string[] {
  const goal = line[change.to] ?? "";
  const away = Object.values(members)
    .filter(({ version }) => version !== "" && version !== goal)
    .map(({ version }) => line.indexOf(version as (typeof line)[number]));
  if (away.length === 0) return [goal];
  const from = change.to < change.from ? Math.max(...away) : Math.min(...away);
  const [step, count] = [Math.sign(change.to - from), Math.abs(change.to - from)];
  return Array.from({ length: count }, (_, index) => line[from + step * (index + 1)] ?? "");
}

const wishFor = (change: Change, { wanted, stranger }: Cut, hops: readonly string[]): Wish => ({
  spec: wanted,
  goal: "running",
  version: line[change.to] ?? "",
  clusterId: "cafe",
  moveAside: [],
  hops,
  from: line[change.from],
  remove: change.stranger === "told" && stranger !== undefined ? [stranger.name] : [],
  downtime: change.downtime ?? false,
  stamp: "1",
});
