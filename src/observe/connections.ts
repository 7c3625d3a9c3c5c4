/**
 * Who of a cluster is connected with whom. A connection between members is made when one of them is restarted, with the
 * CAs and certificates of that time, so one that is there is a handshake that succeeded.
 */
import { EtcdError, type Cluster, type MemberListing } from "../etcd/cluster.js";

/** Milliseconds in which members find each other again, and between two looks. */
const patience = 15_000;
const pause = 250;
/** Milliseconds for one member's answer. */
const deadline = 2_000;

interface Scene {
  readonly cluster: Cluster;
  readonly clock: { now(): number; sleep(milliseconds: number): Promise<void> };
}

/** @returns each ordered pair without a connection, one line each; waits for those that are just being made */
export async function withoutConnection({ cluster, clock }: Scene, clientUrls: readonly string[]): Promise<string[]> {
  const until = clock.now() + patience;
  for (;;) {
    const missing = await lookAt(cluster, clientUrls);
    if (missing.length === 0 || clock.now() >= until) return missing;
    await clock.sleep(pause);
  }
}

async function lookAt(cluster: Cluster, clientUrls: readonly string[]): Promise<string[]> {
  const views = await Promise.all(
    clientUrls.map(async (url) => {
      const [listing, peers] = await Promise.all([listingOf(cluster, url), cluster.activePeers(url, deadline)]);
      return { url, listing, peers };
    }),
  );
  return views.flatMap(({ url, listing, peers }) => {
    if (listing === undefined || peers === undefined) return [`${url} does not say whom it is connected to`];
    const own = listing.members.find(({ clientUrls: urls }) => urls.includes(url));
    return listing.members
      .filter((other) => other !== own && !peers.includes(other.id))
      .map((other) => `${own?.name ?? url} → ${other.name} (${other.peerUrls.join(", ")}): not connected`);
  });
}

/** As the member itself has it. */
async function listingOf(cluster: Cluster, url: string): Promise<MemberListing | undefined> {
  try {
    return await cluster.member(url).memberList(deadline);
  } catch (error) {
    if (error instanceof EtcdError) return undefined;
    throw error;
  }
}
