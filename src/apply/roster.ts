/** What the operator's records say of the members: enough to find again those that the file no longer names. */
import type { Facts } from "../observe/facts.js";
import type { Plan } from "../plan/plan.js";
import { plainRecords } from "../spec/plaintext.js";
import type { MemberSpec, Spec } from "../spec/spec.js";
import type { World } from "../world.js";

/** Before anything is done, so that a kill leaves no member behind that nobody knows of. */
export async function recordRoster(world: World, spec: Spec, plan: Plan): Promise<void> {
  await record(world, spec, plan.before, ({ peer }) => movedFrom(plan).includes(peer.url));
}

/** After a run that ended well; the version is what the next run goes by while no member can tell. */
export async function recordReached(world: World, spec: Spec, plan: Plan, reached: Facts): Promise<void> {
  const isPast = ({ name, peer }: MemberSpec): boolean =>
    movedFrom(plan).includes(peer.url) || plan.after.forgotten?.includes(name) === true;
  await record(world, spec, reached, isPast);
  const versions = new Set(spec.members.map(({ name }) => reached.members[name]?.version ?? ""));
  const [version = ""] = [...versions];
  const formed = await world.ledger.formed();
  if (formed === undefined || versions.size !== 1 || version === "" || formed.version === version) return;
  await world.ledger.recordFormed({ ...formed, version });
}

async function record(world: World, spec: Spec, now: Facts, isPast: (member: MemberSpec) => boolean): Promise<void> {
  const plain = plainRecords(spec, await world.ledger.roster(), (name) => isSecure(now, name));
  await world.ledger.recordRoster([
    ...spec.members,
    ...present(spec, now).filter((member) => !isPast(member)),
    ...plain,
  ]);
}

/** Where members were that have taken their data along: nothing of them is left there. */
const movedFrom = ({ stages }: Plan): readonly string[] =>
  stages.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === "update-member" ? [step.from] : [])));

const isSecure = (now: Facts, name: string): boolean => now.members[name]?.listedAt.startsWith("https://") ?? false;

/** Former members that are not history yet. */
const present = (spec: Spec, facts: Facts): readonly MemberSpec[] =>
  spec.former.filter(({ name }) => {
    const member = facts.members[name];
    return (
      member !== undefined && !(member.listed === "absent" && member.unit === "absent" && member.data === "absent")
    );
  });
