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

/** Every world of a size for a change. */
export function* worldsOf(change: Change, size: number): Generator<World> {
  const parts = cut(change, size);
  if (parts === undefined) return;
  const make = maker(change, size, parts);
  for (const gone of multisets(goingStates, parts.gone.length))
    for (const moved of multisets(everyState, parts.readdressed.length))
      for (const stranger of parts.stranger === undefined ? [[]] : multisets(strangerStates, 1))
        for (const stay of multisets(everyState, parts.stay.length)) {
          const old = [...stay, ...moved, ...gone, ...stranger];
          if (!isPossible(old) || !old.some((state) => sketches[state].listed !== "absent")) continue;
          for (const added of newHosts(parts.added.length)) yield* make([...old, ...added]);
        }
}

/** Facts of a member are the same in all worlds of a change, so they are made once. */
function maker(change: Change, size: number, parts: Cut): (states: readonly State[]) => Generator<World> {
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
  const name = (index: number): string => cast[index]?.[0].name ?? "";
  return function* (states) {
    const members = states.map((state, index) => [name(index), factsFor(state, index)] as const);
    const served = members.some(([, { serving, learner }]) => serving === "yes" && !learner);
    const quorate = hasQuorum(members.map(([, facts]) => liveOf(facts)));
    const seen = new Set<State>();
    const leaders = quorate
      ? states.flatMap((state, index) => {
          const facts = members[index]?.[1];
          const role = cast[index]?.[1];
          const key = `${state} ${role}` as State;
          if (facts === undefined || facts.learner || facts.caughtUp !== "yes" || seen.has(key)) return [];
          seen.add(key);
          return [index];
        })
      : [];
    for (const leader of [-1, ...leaders]) {
      const all = members.map(
        ([who, facts], index) => [who, asSeen(facts, index === leader, served, quorate)] as const,
      );
      const facts: Facts = {
        formed: "cafe",
        alarms: [],
        downgrade: change.from > change.to && states.includes("a hop behind") ? lineOf(change.to) : "",
        saved: [],
        members: Object.fromEntries(all),
      };
      const wish = wishFor(change, parts, facts);
      const label = (): string =>
        `${change.name}: ${states.map((state, index) => `${name(index)} ${cast[index]?.[1]} ${state}${index === leader ? " (leads)" : ""}`).join("; ")}`;
      yield { label, change, size, wish, facts };
    }
  };
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

export function wishFor(change: Change, parts: Pick<Cut, "wanted" | "stranger">, facts: Facts): Wish {
  const version = line[change.to] ?? "";
  const running = Object.values(facts.members).flatMap((member) => (member.version === "" ? [] : [member.version]));
  const away = [...new Set(running)]
    .map((one) => line.indexOf(one as (typeof line)[number]))
    .filter((one) => one !== change.to);
  const from = away.length === 0 ? change.to : change.to < change.from ? Math.max(...away) : Math.min(...away);
  const [step, count] = [Math.sign(change.to - from), Math.abs(change.to - from)];
  const hops = Array.from({ length: count }, (_, index) => line[from + step * (index + 1)] ?? "");
  return {
    spec: parts.wanted,
    goal: "running",
    version,
    clusterId: "cafe",
    moveAside: [],
    hops: hops.length === 0 ? [version] : hops,
    from: line[change.from],
    remove: change.stranger === "told" && parts.stranger !== undefined ? [parts.stranger.name] : [],
    downtime: change.downtime ?? false,
    stamp: "1",
  };
}
