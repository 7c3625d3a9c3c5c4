/** What the operator's records say of the members: enough to find again those that the file no longer names. */
import type { Facts } from "../observe/facts.js";
import { plainRecords } from "../spec/plaintext.js";
import type { MemberSpec, Spec } from "../spec/spec.js";
import type { World } from "../world.js";

/** Before anything is done, so that a kill leaves no member behind that nobody knows of. */
export async function recordRoster(world: World, spec: Spec, now: Facts): Promise<void> {
  const plain = plainRecords(spec, await world.ledger.roster(), (name) => isSecure(now, name));
  await world.ledger.recordRoster([...spec.members, ...present(spec, now), ...plain]);
}

/** After a run that ended well; the version is what the next run goes by while no member can tell. */
export async function recordReached(world: World, spec: Spec, reached: Facts): Promise<void> {
  await recordRoster(world, spec, reached);
  const versions = new Set(spec.members.map(({ name }) => reached.members[name]?.version ?? ""));
  const [version = ""] = [...versions];
  const formed = await world.ledger.formed();
  if (formed === undefined || versions.size !== 1 || version === "" || formed.version === version) return;
  await world.ledger.recordFormed({ ...formed, version });
}

const isSecure = (now: Facts, name: string): boolean => now.members[name]?.listedAt.startsWith("https://") ?? false;

/** Former members that are not history yet. */
const present = (spec: Spec, facts: Facts): readonly MemberSpec[] =>
  spec.former.filter(({ name }) => {
    const member = facts.members[name];
    return (
      member !== undefined && !(member.listed === "absent" && member.unit === "absent" && member.data === "absent")
    );
  });
