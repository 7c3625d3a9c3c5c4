import { silent, withMember, type Facts } from "../observe/facts.js";
import { isVoter, quorum } from "../observe/quorum.js";
import type { StepKind } from "./step.js";

/** Stop a running member and start it with the files that are on its host by now. */
export interface RestartMember {
  readonly kind: "restart-member";
  readonly member: string;
  readonly unit: string;
  readonly config: string;
  readonly version: string;
  readonly graceSeconds: number;
  /** For the plan's text: what changes. */
  readonly why: string;
  /** The operator accepts that nothing is served meanwhile. */
  readonly downtime: boolean;
}

export const restartMember: StepKind<RestartMember> = {
  kind: "restart-member",
  risk: "restart",
  // A large database is read in anew: gigabytes take minutes.
  patience: 600_000,
  guardPatience: 30_000,
  title: (step) => `restart it: ${step.why}`,
  guard(step, now) {
    if (step.downtime) return undefined;
    const lame = Object.entries(now.members).find(
      ([name, member]) => name !== step.member && isVoter(member) && !isFit(now, name),
    );
    if (lame !== undefined) {
      const message = `${lame[0]} does not serve or lags behind, so ${step.member} must stay up`;
      return { code: "E_NO_SPARE", message };
    }
    if (quorum(now).spare >= 1 || now.members[step.member]?.process !== "up") return undefined;
    return { code: "E_NO_SPARE", message: `no voter can be spared while ${step.member} restarts` };
  },
  effect: (step, now) =>
    withMember(now, step.member, {
      ...silent,
      process: "up",
      config: step.config,
      peer: "yes",
      serving: "yes",
      caughtUp: "yes",
      version: step.version,
      storage: now.members[step.member]?.storage ?? "",
      fragmented: now.members[step.member]?.fragmented,
      roomy: now.members[step.member]?.roomy,
      // Alone, it leads again.
      leader: Object.values(now.members).filter(isVoter).length === 1,
    }),
  async run(step, { world }) {
    await world.host(step.member).act([
      { do: "stop", unit: step.unit, graceSeconds: step.graceSeconds },
      { do: "start", unit: step.unit },
    ]);
  },
};

const isFit = (now: Facts, name: string): boolean =>
  now.members[name]?.serving === "yes" && now.members[name]?.caughtUp === "yes";
