import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";
import type { DataFact } from "../../host/host.js";

/** Nothing is ever started on, or over, data that is not the member's own. */
export const dataHazards: Judge = ({ spec, seen, facts, clusterId, moveAside }) =>
  spec.members.flatMap((member): Problem[] => {
    const now = facts.members[member.name];
    const host = seen.hosts[member.name];
    if (now?.reach !== "yes" || host?.reach !== "reachable") return [];
    const problem = (code: Problem["code"], message: string): Problem => ({ code, member: member.name, message, severity: "refuse" });
    if (now.data === "foreign" && !moveAside.includes(member.name)) {
      return [problem("E_DATA_FOREIGN", `${member.paths.data} holds ${sayData(host.data)}, not data of cluster ${clusterId}`)];
    }
    if (now.data === "foreign" && now.process === "up") {
      return [problem("E_FOREIGN_ETCD", `an etcd of another cluster runs on ${member.paths.data}; stop it first`)];
    }
    const wasMember = now.mark === "yes" || now.listed === "started";
    if (now.data === "absent" && wasMember && now.process !== "up") {
      const witness = now.listed === "started" ? "the cluster's member list" : `a note in ${member.paths.state}`;
      return [problem("E_DATA_LOST", `${member.paths.data} is empty, yet ${witness} says that ${member.name} has had data`)];
    }
    if (now.data === "absent" && facts.formed !== "no" && now.listed === "unknown") {
      return [problem("E_DATA_LOST", `${member.paths.data} is empty although cluster ${facts.formed} was formed, and no member serves that could say whether ${member.name} had started`)];
    }
    return [];
  });

function sayData(data: DataFact): string {
  if (data.kind === "member") return `data of cluster ${data.clusterId} (member ${data.memberId})`;
  if (data.kind === "foreign") return data.found.slice(0, 5).join(", ");
  return "nothing";
}
