/** A cluster that is on its way from plaintext to TLS: members are asked in the way in which they answer. */
import type { Cluster, Member } from "./cluster.js";

/**
 * @param plain the https:// URL of each listener that the operator's records still have as plaintext, and its http:// URL.
 * No other listener is ever asked without TLS.
 */
export function eitherWay(cluster: Cluster, plain: ReadonlyMap<string, string>): Cluster {
  if (plain.size === 0) return cluster;
  return {
    member(clientUrl) {
      const twin = plain.get(clientUrl);
      return twin === undefined ? cluster.member(clientUrl) : either(cluster.member(clientUrl), cluster.member(twin));
    },
    plaintext(clientUrl) {
      const twin = plain.get(clientUrl);
      return twin === undefined ? undefined : cluster.member(twin);
    },
    async peerServes(peerUrl, deadline) {
      const twin = plain.get(peerUrl);
      if (await cluster.peerServes(peerUrl, deadline)) return true;
      return twin !== undefined && cluster.peerServes(twin, deadline);
    },
    async activePeers(clientUrl, deadline) {
      const twin = plain.get(clientUrl);
      return (
        (await cluster.activePeers(clientUrl, deadline)) ??
        (twin === undefined ? undefined : cluster.activePeers(twin, deadline))
      );
    },
    close: () => cluster.close(),
  };
}

/** What a member does not answer, such as a dial over TLS to a listener that waits for the end of a line, is given up then. */
const lookDeadline = 3_000;

/** Whoever answers how it is first is asked for everything else. */
function either(secure: Member, plain: Member): Member {
  const awake = async (deadline: number): Promise<Member> => {
    const looks = [secure, plain].map(async (member) => {
      await member.status(deadline);
      return member;
    });
    return Promise.any(looks).catch(async () => {
      await looks[0];
      return secure;
    });
  };
  return new Proxy(secure, {
    get(target, key, receiver) {
      const method: unknown = Reflect.get(target, key, receiver);
      if (typeof method !== "function" || key === "snapshot") return method;
      return async (...parameters: unknown[]): Promise<unknown> => {
        const deadline = parameters.find((parameter) => typeof parameter === "number") ?? lookDeadline;
        const member = await awake(deadline);
        return Reflect.apply(Reflect.get(member, key, member) as typeof method, member, parameters) as unknown;
      };
    },
  });
}
