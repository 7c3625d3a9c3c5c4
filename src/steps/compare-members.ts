import { EtcdError, type ListedMember, type Member, type StoredMembers } from "../etcd/cluster.js";
import { QuorateError } from "../errors.js";
import type { StepKind } from "./step.js";

/** See that the members in every v3 store, by which the next line goes, are those of the cluster's list. */
export interface CompareMembers {
  readonly kind: "compare-members";
  /** The first of them; no host is touched. */
  readonly member: string;
  /** MAJOR.MINOR that is to come. */
  readonly line: string;
  readonly members: readonly { readonly name: string; readonly clientUrl: string }[];
}

/** Milliseconds. */
const deadline = 5_000;

export const compareMembers: StepKind<CompareMembers> = {
  kind: "compare-members",
  risk: "none",
  patience: 60_000,
  title: ({ members }) => `compare the members in each of ${members.length} v3 stores with the cluster's list`,
  guard: () => undefined,
  effect: (step, now) => ({ ...now, comparedFor: step.line }),
  async run({ line, members }, { world }) {
    for (const { name, clientUrl } of members) {
      const complaints = await complaintsOf(name, world.cluster.member(clientUrl));
      if (complaints.length === 0) continue;
      const message = `the v3 store of ${name} has other members than the cluster, and ${line} goes by it`;
      throw new QuorateError("E_ZOMBIE_MEMBERS", message, { where: name, found: complaints.join("\n") });
    }
  },
};

async function complaintsOf(name: string, member: Member): Promise<string[]> {
  try {
    const listing = await member.memberList(deadline, true);
    return differences(listing.members, await member.storedMembers());
  } catch (error) {
    if (!(error instanceof EtcdError) && !(error instanceof RangeError)) throw error;
    throw new QuorateError("E_SNAPSHOT", `the v3 store could not be read: ${error.message}`, { where: name });
  }
}

/** In words; empty when they agree. */
export function differences(listed: readonly ListedMember[], { members, removed }: StoredMembers): string[] {
  const stored = new Map(members.map(({ id, isLearner }) => [id, isLearner]));
  const says = ({ id, name }: ListedMember): string => `${id} (${name === "" ? "not started yet" : name})`;
  return [
    ...members
      .filter(({ id }) => !listed.some((entry) => entry.id === id))
      .map(({ id }) => `${id}: long gone, but in the v3 store`),
    ...listed.flatMap((entry) => {
      if (removed.includes(entry.id)) return [`${says(entry)}: a member, but struck off in the v3 store`];
      if (!stored.has(entry.id)) return [`${says(entry)}: a member, but not in the v3 store`];
      return !entry.isLearner && stored.get(entry.id) === true
        ? [`${says(entry)}: a voter, but a learner in the v3 store`]
        : [];
    }),
  ];
}
