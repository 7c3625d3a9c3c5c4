/**
 * Settings → the flags that an exact version accepts. A file may use any line's spelling for any version: nothing that
 * was asked for stops a start, and nothing is lost without a word.
 */
import { acceptedValue } from "./accepted-value.js";
import { readGates, truthOf, writeGates } from "./gates.js";
import { everyFlag } from "./lines.js";
import { isMoot } from "./moot.js";
import { conceptOf, keyOf, spellingIn, type Concept } from "./renamed.js";
import { noSuchSetting, notAGate, notASwitch, notThere, twoMinds, type SettingProblem } from "./setting-problem.js";
import { twinOf } from "./twins.js";

export type { SettingProblem } from "./setting-problem.js";

/** Flag name → value, as etcd reads it. */
export type Settings = Readonly<Record<string, string>>;

export interface Translation {
  /** The line of the file that it is about. */
  readonly name: string;
  /** As it was asked for: `experimental-initial-corrupt-check: true`. */
  readonly from: string;
  /** As the version has it: `feature-gates: InitialCorruptCheck=true`; undefined: left out, since it changes nothing. */
  readonly to: string | undefined;
  readonly why: string;
}

export interface VersionSettings {
  /** Name and value, sorted by name; each name once. */
  readonly flags: readonly (readonly [name: string, value: string])[];
  readonly translated: readonly Translation[];
  /** What this version cannot be told, each with what to do instead. Such a setting is in none of the others. */
  readonly problems: readonly SettingProblem[];
}

/** One thing asked for, and the line that asks. */
interface Wanted {
  readonly concept: Concept;
  readonly value: string;
  readonly name: string;
  readonly written: string;
}

/**
 * @param version exact
 * @param asked in any line's spelling; the values as etcd reads them
 * @param defaults give way to whatever `asked` says about the same thing, however it is spelled; they are not told of
 */
export function settingsFor(version: string, asked: Settings, defaults: Settings = {}): VersionSettings {
  const problems: SettingProblem[] = [];
  const wanted = new Map<string, Wanted>();
  for (const one of Object.entries(asked).flatMap(([name, value]) => wantedOf(version, name, value, problems))) {
    const before = wanted.get(keyOf(one.concept));
    if (before === undefined) wanted.set(keyOf(one.concept), one);
    else if (before.value !== one.value) problems.push(twoMinds(before.written, one.name, one.value));
  }
  const usual = Object.entries(defaults)
    .flatMap(([name, value]) => wantedOf(version, name, value, []))
    .filter(({ concept }) => !wanted.has(keyOf(concept)));

  const flags: Record<string, string> = {};
  const gates: Record<string, string> = {};
  const translated: Translation[] = [];
  for (const one of [...wanted.values(), ...usual]) {
    const told = tell(version, one);
    if ("problem" in told) {
      problems.push(told.problem);
      continue;
    }
    if (told.translation !== undefined && !usual.includes(one)) translated.push(told.translation);
    if (told.flag === "feature-gates" && "gate" in one.concept) gates[one.concept.gate] = told.value;
    else if (told.flag !== undefined) flags[told.flag] = told.value;
  }
  if (Object.keys(gates).length > 0) flags["feature-gates"] = writeGates(gates);
  return { flags: Object.entries(flags).sort(([a], [b]) => (a < b ? -1 : 1)), translated, problems };
}

/** What a line asks for; several things when it is a list of feature gates. */
function wantedOf(version: string, name: string, value: string, problems: SettingProblem[]): Wanted[] {
  const written = `${name}: ${value}`;
  if (!everyFlag.includes(name)) {
    problems.push(noSuchSetting(version, name, value));
    return [];
  }
  if (name === "feature-gates") {
    const { set, unreadable } = readGates(value);
    problems.push(...unreadable.map((part) => notAGate(part, value)));
    return set.map(([gate, truth]) => ({
      concept: { gate },
      value: truth,
      name,
      written: `${name}: ${gate}=${truth}`,
    }));
  }
  const concept = conceptOf(name);
  const twin = spellingIn(version, concept) === undefined ? twinOf(name, value) : undefined;
  if (twin !== undefined) return [{ concept: conceptOf(twin.name), value: twin.value, name, written }];
  if (!("gate" in concept)) return [{ concept, value, name, written }];
  const truth = truthOf(value);
  if (truth === undefined) problems.push(notASwitch(name, value));
  return truth === undefined ? [] : [{ concept, value: truth, name, written }];
}

type Told =
  | { readonly flag: string; readonly value: string; readonly translation: Translation | undefined }
  | { readonly flag: undefined; readonly value: string; readonly translation: Translation }
  | { readonly problem: SettingProblem };

function tell(version: string, wanted: Wanted): Told {
  const { concept, name, written } = wanted;
  const leftOut = (why: string): Told => ({
    ...{ flag: undefined, value: "" },
    translation: { name, from: written, to: undefined, why },
  });
  const flag = spellingIn(version, concept);
  if (flag === undefined) {
    const moot = "gate" in concept ? wanted.value === "false" : isMoot(concept.name, wanted.value);
    return moot
      ? leftOut(`etcd ${version} has no such setting and does just that`)
      : { problem: notThere(version, wanted) };
  }
  const accepted = acceptedValue(version, flag, wanted.value);
  if ("leftOut" in accepted) return leftOut(accepted.leftOut);
  if ("expected" in accepted)
    return {
      problem: { name, value: wanted.value, message: `etcd ${version} does not take \`${written}\``, ...accepted },
    };
  const to =
    "gate" in concept && flag === "feature-gates"
      ? `${flag}: ${concept.gate}=${accepted.value}`
      : `${flag}: ${accepted.value}`;
  const translation =
    to === written ? undefined : { name, from: written, to, why: accepted.why ?? `so etcd ${version} calls it` };
  return { flag, value: accepted.value, translation };
}
