/** Leadership: handed over at most once per roll, to one that is done, and the leader goes last. */
import type { Facts } from "../../src/observe/facts.js";
import { isVoter } from "../../src/observe/quorum.js";
import type { Step } from "../../src/steps/kinds.js";
import type { Pace } from "./walk.js";

/** The restarts that follow each other, with no change of members or of the goal in between. */
interface Roll {
  readonly version: string;
  handovers: number;
  heir: string | undefined;
  led: boolean;
}

export function judgeLeaders(path: readonly Pace[]): string[] {
  const found: string[] = [];
  let roll: Roll | undefined;
  for (const [index, { step, now }] of path.entries()) {
    if (step.kind === "restart-member") {
      if (roll === undefined || roll.version !== rollOf(step))
        roll = { version: rollOf(step), handovers: 0, heir: undefined, led: false };
      if (roll.led) found.push("one is restarted after the leader was");
      if (roll.heir === step.member) found.push("leadership went to one that was still to be restarted");
      const leads = now.members[step.member]?.leader === true;
      if (leads && !step.downtime && others(now, step.member))
        found.push("the leader is restarted without handing over");
      if (leads || roll.heir !== undefined) roll.led = true;
    } else if (step.kind === "move-leader") {
      const next = path[index + 1]?.step;
      if (next?.kind === "restart-member" || next?.kind === "update-member") {
        const version = next.kind === "restart-member" ? rollOf(next) : (roll?.version ?? "");
        if (roll === undefined || roll.version !== version)
          roll = { version, handovers: 0, heir: undefined, led: false };
        roll.handovers += 1;
        roll.heir = step.to;
        if (roll.handovers > 1) found.push("leadership is handed over twice in one roll");
      }
      if (next?.member !== step.member) found.push("leadership is handed over for nothing");
    } else if (step.kind === "remove-member") {
      if (now.members[step.member]?.leader === true && others(now, step.member))
        found.push("the leader is removed without handing over");
      roll = undefined;
    } else if (step.kind === "promote-member") roll = undefined;
  }
  return found;
}

/** A restart for a snapshot before a line is left is no part of the roll that led to that line. */
const rollOf = ({ version, why }: Extract<Step, { kind: "restart-member" }>): string =>
  why.includes("takes a snapshot") ? `${version} with a snapshot` : version;

/** Somebody else could lead. */
const others = (now: Facts, name: string): boolean =>
  Object.entries(now.members).some(
    ([other, member]) => other !== name && isVoter(member) && member.serving === "yes" && member.caughtUp === "yes",
  );
