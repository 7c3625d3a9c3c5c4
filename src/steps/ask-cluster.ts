/** Asking a running cluster for a change: of the leader, since followers only pass it on and may be about to go. */
import { EtcdError, type ListedMember, type Member } from "../etcd/cluster.js";
import { QuorateError } from "../errors.js";
import { everyone } from "../spec/spec.js";
import type { Doing } from "./step.js";

/** Milliseconds that one call may take; etcd answers these in a few, or waits for something that will not come. */
export const callDeadline = 3_000;
/** Milliseconds that etcd may go on refusing a change of members: its peers must have been connected for 5 s. */
const gatePatience = 60_000;
const pause = 200;
/** Milliseconds for a follower to apply what the leader has; one that takes longer is behind by much, and not asked for long. */
const hearPatience = 10_000;

/** The leader's API, with its own ID. @throws QuorateError E_NO_LEADER when nobody knows one */
export async function leaderOf({ spec, world }: Doing): Promise<{ member: Member; id: string; url: string }> {
  const urls = await knownUrls(spec, world);
  const answers = await Promise.all(
    urls.map(async (url) => {
      const member = world.cluster.member(url);
      return { url, member, status: await member.status(callDeadline).catch(() => undefined) };
    }),
  );
  for (const { url, member, status } of answers)
    if (status !== undefined && status.leaderId === status.memberId) return { member, id: status.memberId, url };
  throw new QuorateError("E_NO_LEADER", "no member says that it leads the cluster", { where: spec.name });
}

/** The file's, and those that members have published: a stranger may lead. */
async function knownUrls(spec: Doing["spec"], world: Doing["world"]): Promise<string[]> {
  const own = everyone(spec).map(({ client }) => client.url);
  const lists = await Promise.all(
    own.map((url) =>
      world.cluster
        .member(url)
        .memberList(callDeadline)
        .catch(() => undefined),
    ),
  );
  const published = lists.flatMap((list) => list?.members.flatMap(({ clientUrls }) => clientUrls.slice(0, 1)) ?? []);
  return [...new Set([...own, ...published])];
}

/** The entry at a peer URL, as the leader has it now. */
export async function entryAt(doing: Doing, peerUrl: string): Promise<ListedMember | undefined> {
  const { member } = await leaderOf(doing);
  const { members } = await member.memberList(callDeadline, true);
  return members.find(({ peerUrls }) => peerUrls.includes(peerUrl));
}

/**
 * Until every member that answers has heard of the entry at a peer URL. A process that joins asks whichever of them answers
 * first, and ends when that one is a few milliseconds behind (server/etcdserver GetClusterFromRemotePeers).
 */
export async function heardByAll({ spec, world }: Doing, peerUrl: string): Promise<void> {
  const begun = world.clock.now();
  for (;;) {
    const urls = await knownUrls(spec, world);
    const lists = await Promise.all(
      urls.map((url) =>
        world.cluster
          .member(url)
          .memberList(callDeadline)
          .catch(() => undefined),
      ),
    );
    const behind = lists.some((list) => list?.members.every(({ peerUrls }) => !peerUrls.includes(peerUrl)) === true);
    if (!behind || world.clock.now() - begun > hearPatience) return;
    await world.clock.sleep(pause);
  }
}

/**
 * Ask until it is done or etcd's patience is plainly at an end. Etcd refuses changes while its peers have not been connected
 * for 5 s (server/etcdserver HealthInterval), and may lose an answer to an election; so it is looked at first each time.
 * @throws QuorateError E_CHANGE_REFUSED with what etcd said last
 */
export async function changeMembers(
  doing: Doing,
  isDone: () => Promise<boolean>,
  change: (leader: Member) => Promise<void>,
): Promise<void> {
  const { clock } = doing.world;
  const begun = clock.now();
  for (;;) {
    try {
      if (await isDone()) return;
      await change((await leaderOf(doing)).member);
      return;
    } catch (error) {
      if (!(error instanceof EtcdError) && !(error instanceof QuorateError)) throw error;
      if (clock.now() - begun > gatePatience)
        throw new QuorateError("E_CHANGE_REFUSED", `etcd goes on refusing: ${error.message}`, {
          where: doing.spec.name,
          found: error.message,
        });
      await clock.sleep(pause);
    }
  }
}
