/** What cannot be told to a version, in words. */
import { nearest } from "../text/nearest.js";
import { flagOfGate } from "./gates.js";
import { everyFlag, firstPatchWith, flagsOf, linesWith } from "./lines.js";
import type { Concept } from "./renamed.js";
import { alternativeTo } from "./twins.js";

export interface SettingProblem {
  /** The line of the file that it is about. */
  readonly name: string;
  readonly value: string;
  readonly message: string;
  readonly expected: string;
  /** What to do. */
  readonly next: string;
}

export function noSuchSetting(version: string, name: string, value: string): SettingProblem {
  const meant = nearest(name, flagsOf(version)) ?? nearest(name, everyFlag);
  return {
    ...{ name, value },
    message: `etcd ${version} has no flag \`${name}\``,
    expected: meant ?? "a flag of etcd",
    next: meant === undefined ? "remove it; `etcd --help` lists the flags" : `did you mean \`${meant}\`?`,
  };
}

export const notAGate = (part: string, value: string): SettingProblem => ({
  ...{ name: "feature-gates", value },
  message: `\`${part}\` is not a feature gate with its value`,
  expected: "NAME=true or NAME=false, with commas between",
  next: `write ${part.split(/[=:]/)[0]?.trim() || "NAME"}=true or leave it out`,
});

export const notASwitch = (name: string, value: string): SettingProblem => ({
  ...{ name, value },
  message: `\`${name}\` cannot be \`${value}\``,
  expected: "true or false",
  next: "write true or false",
});

export const twoMinds = (before: string, name: string, value: string): SettingProblem => ({
  ...{ name, value },
  message: `\`${name}: ${value}\` contradicts \`${before}\`, which is another spelling of the same setting`,
  expected: "one of the two",
  next: "remove one of the two lines",
});

export function notThere(
  version: string,
  { concept, name, value, written }: { concept: Concept; name: string; value: string; written: string },
): SettingProblem {
  const base = { name, value, expected: `a setting of etcd ${version}` };
  if ("gate" in concept && flagOfGate(concept.gate) === undefined)
    return {
      ...base,
      message: `etcd ${version} has no feature gate ${concept.gate}`,
      next: `remove ${concept.gate}; the page of flags of that version names the gates that it has`,
    };
  const flags = "gate" in concept ? [flagOfGate(concept.gate) ?? ""] : [concept.name, `experimental-${concept.name}`];
  const first = flags.map((flag) => firstPatchWith(flag, version)).find((patch) => patch !== undefined);
  const lines = [...new Set([...flags, name].flatMap(linesWith))].sort();
  const where = first === undefined ? lines.join(", ") : `${first} or later`;
  const instead = first === undefined && !("gate" in concept) ? alternativeTo(concept.name) : undefined;
  return {
    ...base,
    message: `etcd ${version} has nothing like \`${written}\``,
    next: instead ?? `remove it, or use ${where}, where it exists`,
  };
}
