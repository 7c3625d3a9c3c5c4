import type { DataFact } from "../../host/host.js";
import type { Facts, MemberFacts } from "../../observe/facts.js";
import { answeringQuorum, quorumOf } from "../../observe/quorum.js";
import type { MemberSpec } from "../../spec/spec.js";
import type { Judge, Scene } from "../hazards.js";
import type { Problem } from "../plan.js";

/** Nothing is ever started on, or over, data that is not the member's own; nor without data that it has had. */
export const dataHazards: Judge = (scene) =>
  scene.spec.members.flatMap((member): Problem[] => {
    const now = scene.facts.members[member.name];
    if (now?.reach !== "yes") return [];
    return now.data === "foreign"
      ? foreignData(scene, member, now)
      : now.data === "absent"
        ? missingData(scene, member, now)
        : [];
  });

function foreignData(scene: Scene, member: MemberSpec, now: MemberFacts): Problem[] {
  const { seen, facts, clusterId, moveAside } = scene;
  const host = seen.hosts[member.name];
  if (!moveAside.includes(member.name)) {
    const found = host?.reach === "reachable" ? sayData(host.data) : "something else";
    const message = `${member.paths.data} holds ${found}, not data that ${member.name} has in cluster ${clusterId}`;
    return [leaveAlone(facts, refuse("E_DATA_FOREIGN", member, message))];
  }
  if (now.process === "up")
    return [refuse("E_FOREIGN_ETCD", member, `an etcd of another cluster runs on ${member.paths.data}; stop it first`)];
  // Once it is moved aside there is nothing, and that may be one thing too little.
  return missingData(scene, member, now);
}

function missingData({ facts }: Scene, member: MemberSpec, { mark, listed, process }: MemberFacts): Problem[] {
  const { data, state } = member.paths;
  // As long as a quorum answers, a member that has lost its data is removed and comes back as a new one.
  if (process === "up" || (listed !== "unknown" && answeringQuorum(facts).spare >= 0)) return [];
  if (mark === "yes" || listed === "started") {
    const witness = listed === "started" ? "the cluster's member list" : `a note in ${state}`;
    const message = `${data} has none of the data that ${member.name} has had, as ${witness} says`;
    return [leaveAlone(facts, refuse("E_DATA_LOST", member, message))];
  }
  if (facts.formed === "no" || listed !== "unknown") return [];
  const message = `${data} is empty although cluster ${facts.formed} was formed, and no member serves that could say whether ${member.name} had started`;
  const problem = refuse("E_DATA_LOST", member, message);
  return [leaveAlone(facts, problem)];
}

/** The others can go on without it, and may be able to say more of it afterwards. */
const leaveAlone = (facts: Facts, problem: Problem): Problem =>
  facts.formed !== "no" && canServeWithout(facts)
    ? { ...problem, severity: "degraded", next: "run the same command again when the other members serve" }
    : problem;

const refuse = (code: Problem["code"], { name }: MemberSpec, message: string): Problem => ({
  code,
  member: name,
  message,
  severity: "refuse",
});

/** Enough members have their data to make a quorum, which then knows who has started. */
function canServeWithout({ members }: Facts): boolean {
  const all = Object.values(members);
  return all.filter(({ process, data }) => process === "up" || data === "ours").length >= quorumOf(all.length);
}

function sayData(data: DataFact): string {
  if (data.kind === "member") return `data of cluster ${data.clusterId} (member ${data.memberId})`;
  if (data.kind === "foreign") return data.found.slice(0, 5).join(", ");
  return "nothing";
}
