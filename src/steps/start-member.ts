import { isVoter, quorumOf } from "../observe/quorum.js";
import { withMember, type Facts, type MemberFacts } from "../observe/facts.js";
import { sha256Of } from "../plan/digest.js";
import type { HostAction } from "../host/host.js";
import type { StepKind } from "./step.js";

/** Start the member's process. It serves once a quorum of voters runs, which is why nothing waits for readiness in between. */
export interface StartMember {
  readonly kind: "start-member";
  readonly member: string;
  readonly unit: string;
  /** What the process will say it was started with. */
  readonly config: string;
  readonly version: string;
  /** One of several that a cluster is formed of, which need this machine's processors more than whoever looks at them. */
  readonly together?: true;
  /** Bootstrap settings, written before a first start; etcd ignores them once it has data. */
  readonly bootstrap:
    | { readonly path: string; readonly text: string; readonly owner: string; readonly group: string }
    | undefined;
}

export const startMember: StepKind<StartMember> = {
  kind: "start-member",
  risk: "restart",
  patience: 90_000,
  confirmLater: true,
  settling: ({ together }) => (together === true ? 150 : 0),
  title: (step) => (step.bootstrap === undefined ? "start etcd" : "start etcd for the first time"),
  guard(step, now) {
    const member = now.members[step.member];
    if (member?.data === "foreign")
      return { code: "E_DATA_FOREIGN", message: `the data directory of ${step.member} holds something else` };
    if (member?.data === "absent" && member.listed === "started") {
      return { code: "E_DATA_LOST", message: `${step.member} is known to the cluster but its data directory is empty` };
    }
    return undefined;
  },
  effect(step, now) {
    const started = withMember(now, step.member, { process: "up", config: step.config, data: "ours", peer: "yes" });
    if (!serves(started)) return started;
    const listed = started.members[step.member]?.listed === "unstarted" ? { listed: "started" as const } : {};
    return withMember(started, step.member, {
      ...{ serving: "yes", caughtUp: "yes", version: step.version },
      ...file(started.members[step.member]),
      ...listed,
    });
  },
  async run(step, { world }) {
    const bootstrap: HostAction[] =
      step.bootstrap === undefined
        ? []
        : [
            {
              do: "put-file",
              path: step.bootstrap.path,
              mode: "0644",
              owner: step.bootstrap.owner,
              group: step.bootstrap.group,
              sha256: sha256Of(step.bootstrap.text),
              bytes: async () => new TextEncoder().encode(step.bootstrap?.text ?? ""),
            },
          ];
    await world.host(step.member).act([...bootstrap, { do: "start", unit: step.unit }]);
  },
};

/** What nobody could ask before is taken to be as in most files. */
const file = (member: MemberFacts | undefined): Pick<MemberFacts, "fragmented" | "roomy"> => ({
  fragmented: member?.fragmented === "unknown" ? "no" : member?.fragmented,
  roomy: member?.roomy === "unknown" ? "yes" : member?.roomy,
});

function serves(facts: Facts): boolean {
  const voters = Object.values(facts.members).filter(isVoter);
  return (
    voters.filter((member) => member.process === "up" || member.serving === "yes").length >= quorumOf(voters.length)
  );
}
