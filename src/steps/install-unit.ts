import { digestOf, sha256Of } from "../plan/digest.js";
import { withMember } from "../observe/facts.js";
import type { StepKind } from "./step.js";

/** The systemd unit (or, for a local member, the run script), read by the supervisor and started at boot. */
export interface InstallUnit {
  readonly kind: "install-unit";
  readonly member: string;
  readonly unit: string;
  readonly path: string;
  readonly mode: string;
  readonly text: string;
  /** Who owns what quorate itself keeps on the host. */
  readonly owner: string;
  readonly group: string;
}

export const installUnit: StepKind<InstallUnit> = {
  kind: "install-unit",
  risk: "none",
  patience: 20_000,
  title: (step) => `write ${step.path} and enable it`,
  guard: () => undefined,
  effect: (step, now) => withMember(now, step.member, { unit: digestOf(step.text), enabled: "yes" }),
  async run(step, { world }) {
    await world.host(step.member).act([
      {
        do: "put-file",
        path: step.path,
        mode: step.mode,
        owner: step.owner,
        group: step.group,
        sha256: sha256Of(step.text),
        bytes: async () => new TextEncoder().encode(step.text),
      },
      { do: "reload-units" },
      { do: "enable", unit: step.unit },
    ]);
  },
};
