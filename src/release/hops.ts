/**
 * From the versions that members run to the one that is wanted: every version between, one minor at a time, through the
 * gates of the table of hazards. Pure: what is not offered is not planned.
 */
import { hazardNamed, hazardsOf, type Hazard } from "./hazards.js";
import { choose } from "./policy.js";
import { rollBackWindow, type MoveKind } from "./roll-back-window.js";
import { compareVersions, isExactVersion, lineOf, minorsApart, oldestFirst, parseVersion } from "./versions.js";

export interface HopOptions {
  /** Ids of hazards that the operator takes on: `etcd.accept`. */
  readonly accept?: readonly string[];
  /** GOARCH of the hosts, where hazards differ by it. */
  readonly arch?: string;
}

/** One roll through the members; `movesIn` says which. */
export interface Leg {
  readonly kind: MoveKind;
  /** The version that is left: the oldest when it goes up, the newest when it goes down. */
  readonly from: string;
  readonly to: string;
  /** Told, checked before the leg, or accepted by the operator. */
  readonly hazards: readonly Hazard[];
  /** How long there is a way back, in words. */
  readonly window: string;
}

export interface Hops {
  readonly kind: "hops";
  /** Versions to go through, in order, the wanted one last; empty when every member runs it. */
  readonly hops: readonly string[];
  readonly legs: readonly Leg[];
}

export interface HopRefusal {
  readonly kind: "refused";
  /** Of the table; `acceptable` says whether `etcd.accept` would help. */
  readonly hazard: Hazard;
  readonly from: string;
  readonly to: string;
  readonly message: string;
  /** What to do. */
  readonly next: string;
  /** How far it would go. */
  readonly legs: readonly Leg[];
}

/** Legs planned so far, or why there is no further one. */
interface Way {
  readonly legs: Leg[];
  readonly refusal?: Omit<HopRefusal, "kind" | "legs">;
}

/**
 * @param from what the members run; several in a mixed cluster, where the lowest counts and a move that was begun is ended
 * or taken back
 * @param to exact
 * @param offered versions that can be had; `to` need not be among them
 * @throws QuorateError E_RELEASE_VERSION for a version that is not exact
 */
export function hopsBetween(
  from: string | readonly string[],
  to: string,
  offered: readonly string[],
  options: HopOptions = {},
): Hops | HopRefusal {
  const running = oldestFirst(typeof from === "string" ? [from] : from);
  const [low = to, high = to] = [running[0], running.at(-1)];
  parseVersion(to);
  const table = { to, offered: offered.filter(isExactVersion), options };
  if (minorsApart(low, high) > 1)
    return refusedBy(hazardNamed("too-mixed"), low, to, `members run ${running.join(", ")}`);
  if (low === to && high === to) return { kind: "hops", hops: [], legs: [] };
  const unfit = hazardsOf({ trigger: "patch", target: to }).find((one) => one.version && one.severity === "refuse");
  if (unfit !== undefined) return refusedBy(unfit, low, to, `etcd ${to} is refused: ${unfit.text}`);
  const { legs, refusal } =
    minorsApart(low, to) >= 0 && !isRollBack(low, high, to) ? up(low, high, table) : down(low, high, table);
  return refusal === undefined
    ? { kind: "hops", hops: legs.map((leg) => leg.to), legs }
    : { kind: "refused", ...refusal, legs };
}

/** Whether a member that runs this version is restarted in the leg: in a mixed cluster some are further already. */
export function movesIn({ kind, to }: Pick<Leg, "kind" | "to">, version: string): boolean {
  const apart = minorsApart(version, to);
  const step = kind === "patch" ? 0 : kind === "upgrade" ? 1 : -1;
  return version !== to && (apart === 0 || apart === step);
}

/** The exact version that is meant by a line ("3.6") or by itself; undefined: the line is not offered. */
export function targetOf(asked: string, offered: readonly string[], arch?: string): string | undefined {
  if (isExactVersion(asked)) return asked;
  return choose(
    offered.filter((version) => isExactVersion(version) && lineOf(version) === asked),
    arch,
  )?.version;
}

interface Table {
  readonly to: string;
  readonly offered: readonly string[];
  readonly options: HopOptions;
}

const isRollBack = (low: string, high: string, to: string): boolean =>
  minorsApart(low, high) === 1 && minorsApart(low, to) === 0;

function up(low: string, high: string, table: Table): Way {
  const { to, options } = table;
  const legs: Leg[] = [];
  let now = low;
  while (minorsApart(now, to) > 0) {
    const line = lineAfter(now, 1);
    const gate = gateInto(line, now, options);
    if (gate !== undefined) {
      const newer = patchesOf(lineOf(now), table).filter((version) => compareVersions(version, now) > 0);
      const past = newer.filter((version) => gateInto(line, version, options) === undefined);
      const by =
        choose(past, options.arch)?.version ??
        (isAccepted(gate, options) ? choose(newer, options.arch)?.version : undefined);
      if (by !== undefined) {
        legs.push(leg("patch", now, by, options));
        now = by;
      } else if (!isAccepted(gate, options)) {
        const newest = choose(newer, options.arch)?.version;
        const had =
          newest === undefined
            ? `no newer ${lineOf(now)} can be had`
            : `the newest ${lineOf(now)} that can be had is ${newest}`;
        return {
          legs,
          refusal: refusalOf(gate, now, to, `from ${now} there is no way to ${line}: ${gate.text}; ${had}`),
        };
      }
    }
    const begun = lineOf(high) === line ? [high] : [];
    const next = line === lineOf(to) ? to : choose([...patchesOf(line, table), ...begun], options.arch)?.version;
    if (next === undefined) return { legs, refusal: lineMissing(now, line, to) };
    legs.push(leg("upgrade", now, next, options));
    now = next;
  }
  const rest = legs.length > 0 || now !== to ? now : high;
  if (rest !== to) legs.push(leg("patch", rest, to, options));
  return { legs };
}

function down(low: string, high: string, table: Table): Way {
  const { to, options } = table;
  const legs: Leg[] = [];
  let now = high;
  while (minorsApart(to, now) > 0) {
    const line = lineAfter(now, -1);
    const begun = lineOf(low) === line && now === high;
    if (!begun && compareVersions(`${line}.0`, "3.5.0") < 0)
      return {
        legs,
        refusal: refusalOf(hazardNamed("downgrade-to-3.4"), now, to, hazardNamed("downgrade-to-3.4").text),
      };
    const had = begun ? [...patchesOf(line, table), low] : patchesOf(line, table);
    const next = line === lineOf(to) ? to : choose(had, options.arch)?.version;
    if (next === undefined) return { legs, refusal: lineMissing(now, line, to) };
    legs.push(leg(begun ? "roll-back" : "downgrade", now, next, options));
    now = next;
  }
  return { legs };
}

/** What refuses the step from this version into a line, accepted or not. */
const gateInto = (line: string, from: string, { arch }: HopOptions): Hazard | undefined =>
  hazardsOf({
    trigger: "upgrade",
    running: [from],
    target: `${line}.0`,
    ...(arch !== undefined && { arch }),
  }).find(({ severity, running }) => severity === "refuse" && running !== undefined);

const isAccepted = ({ id, acceptable }: Hazard, { accept = [] }: HopOptions): boolean =>
  acceptable === true && accept.includes(id);

const patchesOf = (line: string, { offered }: Table): string[] => offered.filter((version) => lineOf(version) === line);

function lineAfter(version: string, by: 1 | -1): string {
  const { major, minor } = parseVersion(version);
  return `${major}.${minor + by}`;
}

function leg(kind: MoveKind, from: string, to: string, { arch }: HopOptions): Leg {
  const trigger = kind === "roll-back" ? "patch" : kind;
  return {
    ...{ kind, from, to, window: rollBackWindow(kind, from, to) },
    hazards: hazardsOf({ trigger, running: [from], target: to, ...(arch !== undefined && { arch }) }),
  };
}

const refusalOf = (hazard: Hazard, from: string, to: string, message: string): Omit<HopRefusal, "kind" | "legs"> => ({
  ...{ hazard, from, to, message },
  next: hazard.next,
});

const refusedBy = (hazard: Hazard, from: string, to: string, message: string): HopRefusal => ({
  kind: "refused",
  ...refusalOf(hazard, from, to, message),
  legs: [],
});

const lineMissing = (now: string, line: string, to: string): Omit<HopRefusal, "kind" | "legs"> => ({
  ...refusalOf(
    hazardNamed("one-minor-at-a-time"),
    now,
    to,
    `the way from ${now} to ${to} leads through ${line}, and no ${line} that may be used can be had`,
  ),
  next: `make a release of etcd ${line} available, the newest one: give an archive, or name a mirror or a suite that has it`,
});
