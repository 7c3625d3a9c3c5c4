/** The versions that members run, judged by the table of hazards. */
import { hazardsOf, type Hazard } from "../../release/hazards.js";
import { isExactVersion } from "../../release/versions.js";
import type { Advice, Judge } from "../advice.js";
import { ofMembers } from "../advice.js";
import type { AdvisedMember } from "../input.js";

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
    ...whole.map((hazard) => adviceOf(hazard, `members run ${[...new Set(running)].sort().join(", ")}`)),
    ...[...ids].flatMap((id) =>
      ofMembers(cluster, (member) => {
        const hazard = single(member).find((one) => one.id === id);
        return hazard === undefined ? undefined : adviceOf(hazard, `runs etcd ${member.status?.version ?? ""}`);
      }),
    ),
  ];
};

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
