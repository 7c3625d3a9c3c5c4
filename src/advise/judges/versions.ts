/** The versions that members run, judged by the table of hazards. */
import { hazardsOf, type Hazard } from "../../release/hazards.js";
import { isExactVersion, lineOf } from "../../release/versions.js";
import type { Advice, Judge } from "../advice.js";
import { ofMembers } from "../advice.js";
import type { AdvisedCluster, AdvisedMember } from "../input.js";

/** Each fault below a security floor has an entry of its own. */
const said = (hazard: Hazard): boolean => hazard.severity !== "check" && !hazard.id.startsWith("security-floor-");

export const versions: Judge = (cluster) => {
  const running = cluster.members.flatMap(({ status }) =>
    status !== undefined && isExactVersion(status.version) ? [status.version] : [],
  );
  const whole = hazardsOf({ trigger: "run", running }).filter((hazard) => hazard.shape !== undefined);
  const single = (member: AdvisedMember): Hazard[] => {
    const { status, arch } = member;
    if (status === undefined || !isExactVersion(status.version)) return [];
    return hazardsOf({ trigger: "run", running: [status.version], ...(arch !== undefined && { arch }) }).filter(
      (hazard) => said(hazard) && hazard.shape === undefined && !isSpared(hazard, member),
    );
  };
  const ids = new Set(cluster.members.flatMap((member) => single(member).map(({ id }) => id)));
  return [
    ...downgrading(cluster),
    ...whole.map((hazard) => adviceOf(hazard, `members run ${[...new Set(running)].sort().join(", ")}`)),
    ...[...ids].flatMap((id) =>
      ofMembers(cluster, (member) => {
        const hazard = single(member).find((one) => one.id === id);
        return hazard === undefined ? undefined : adviceOf(hazard, `runs etcd ${member.status?.version ?? ""}`);
      }),
    ),
  ];
};

/** It ends by itself when the last member runs the older line, and until then nobody may be upgraded. */
function downgrading({ members }: AdvisedCluster): Advice[] {
  const target = members.map(({ status }) => status?.downgradeTarget ?? "").find((line) => line !== "");
  if (target === undefined) return [];
  const still = members.flatMap(({ name, status }) =>
    status !== undefined && isExactVersion(status.version) && lineOf(status.version) !== target ? [name] : [],
  );
  return [
    {
      ...{ id: "downgrade-open", severity: "warn" },
      what: `the cluster was told to go back to ${target}, which ${still.join(", ") || "a member"} has not done`,
      why: `until it has ended, data is written as ${target} reads it, and no member may be upgraded`,
      do: `name a ${target} in the cluster file and run \`quorate up\`, or end it with \`etcdctl downgrade cancel\``,
      source: "etcd.io/docs v3.6, downgrades/downgrade_3_6",
    },
  ];
}

/** What a member's settings keep from it. */
function isSpared({ id }: Hazard, { settings }: AdvisedMember): boolean {
  if (settings === undefined) return false;
  if (id === "crl-bypass")
    return settings["listen-client-http-urls"] === undefined || settings["client-crl-file"] === undefined;
  return id === "handshake-stall" && settings["cert-file"] === undefined && settings["peer-cert-file"] === undefined;
}

const adviceOf = ({ id, severity, text, next, source }: Hazard, what: string): Advice => ({
  ...{ id, what, why: text, do: next, source },
  severity: severity === "refuse" ? "critical" : id === "quota-misreported" ? "note" : "warn",
});
