/** Read a cluster that somebody else built: its hosts, then its members, then whoever else is on their list. Changes nothing. */
import { EtcdError } from "../etcd/cluster.js";
import { QuorateError, QuorateErrors } from "../errors.js";
import type { Draft } from "../spec/draft.js";
import type { ReadOptions } from "../spec/surroundings.js";
import type { Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import { nameOf, type Found, type Live } from "./found.js";
import { lookAt } from "./look.js";
import { placeOf, provisionalSpec } from "./provisional.js";
import { listingOf, unnamed } from "./roster.js";
import type { Target } from "./target.js";
import { trustNeeded, type OwnTrust } from "./trust.js";
import { askAt, urlText } from "./urls.js";

export interface Inquiry {
  readonly name: string;
  readonly targets: readonly Target[];
  /** As the operator named it, on every host. */
  readonly unit: string | undefined;
  readonly ssh: NonNullable<Draft["ssh"]>;
  readonly trust: OwnTrust | undefined;
  readonly reading: ReadOptions;
  readonly open: (spec: Spec) => Promise<World>;
  /** Told about hosts that are looked at besides those named. */
  readonly tell: (line: string) => void;
}

/** Milliseconds for one member to answer. */
const deadline = 5_000;

/** @throws QuorateError or QuorateErrors E_ADOPT_*, E_NOT_SERVING, and what reaching the hosts failed with */
export async function inquire(inquiry: Inquiry): Promise<Live[]> {
  const named = await ask(inquiry, inquiry.targets);
  const others = unnamed(listingOf(named), named);
  if (others.length === 0) return named;
  for (const { name, address } of others)
    inquiry.tell(`${name} is on the member list and was not named; looking at ${address ?? "no address"} too`);
  const lost = others.find(({ address }) => address === undefined);
  if (lost !== undefined) throw incomplete(lost.name, "it has no address that others can dial");
  const { user, port } = inquiry.targets[0] ?? {};
  const targets = others.map(({ address = "" }): Target => ({ host: address, user, port }));
  try {
    const all = [...named, ...(await ask(inquiry, targets))];
    const still = unnamed(listingOf(all), all);
    if (still.length === 0) return all;
    throw incomplete(still.map(({ name }) => name).join(", "), "no host that was read is this member's");
  } catch (error) {
    const first = error instanceof QuorateErrors ? error.problems[0] : error;
    if (!(first instanceof QuorateError) || first.code.startsWith("E_ADOPT_")) throw error;
    throw incomplete(others.map(({ name }) => name).join(", "), `${first.code}: ${first.message}`);
  }
}

const incomplete = (name: string, why: string): QuorateError =>
  new QuorateError("E_ADOPT_INCOMPLETE", `the cluster has a member that could not be read: ${name}; ${why}`, {
    where: name,
    expected: "every member, since one file describes them all",
    next: "name its host as ssh knows it, or remove the member from the cluster if it is gone for good",
  });

/** All hosts side by side, and then all members. */
async function ask(inquiry: Inquiry, targets: readonly Target[]): Promise<Live[]> {
  const world = await inquiry.open(provisionalSpec(inquiry, targets, inquiry.reading));
  try {
    const found = await together(targets, (target) => lookAt(world.host(placeOf(target)), target, inquiry.unit));
    return await together(found, (each) => askMember(world, each, inquiry.trust));
  } finally {
    await world.close();
  }
}

/** @throws QuorateErrors with every failure */
async function together<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const outcomes = await Promise.allSettled(list.map(work));
  const problems = outcomes.flatMap((outcome) => {
    if (outcome.status === "fulfilled") return [];
    const reason: unknown = outcome.reason;
    if (reason instanceof QuorateErrors) return reason.problems;
    if (reason instanceof QuorateError) return [reason];
    throw reason;
  });
  if (problems.length > 0) throw new QuorateErrors(problems);
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}

async function askMember(world: World, found: Found, trust: OwnTrust | undefined): Promise<Live> {
  const url = askAt(found);
  const name = nameOf(found);
  const where = found.target.host;
  if (found.process === undefined)
    throw new QuorateError("E_NOT_SERVING", `etcd does not run on ${where}`, {
      where,
      next: "start it; a cluster is adopted when all its members serve",
    });
  if (url === undefined)
    throw new QuorateError("E_ADOPT_LAYOUT", `${name} listens on no address that others can dial`, {
      where,
      next: "set --listen-client-urls and --advertise-client-urls to an address that others can reach",
    });
  if (url.scheme === "https" && trust === undefined) throw trustNeeded(where);
  try {
    const member = world.cluster.member(urlText(url));
    const [status, listing, alarms] = await Promise.all([
      member.status(deadline),
      member.memberList(deadline),
      member.alarms(deadline),
    ]);
    return { ...found, status, listing, alarms };
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    throw new QuorateError(
      error.kind === "tls" ? "E_ADOPT_TRUST" : "E_NOT_SERVING",
      `${urlText(url)} did not answer: ${error.message}`,
      { where, cause: error },
    );
  }
}
