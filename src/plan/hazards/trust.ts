import type { TrustVerdict } from "../../pki/authority.js";
import type { Judge } from "../hazards.js";
import type { Problem } from "../plan.js";
import { compareVersions } from "../versions.js";

/** Before 3.5, etcd hands plaintext requests on a port of both kinds to the server that wants TLS. */
const servesBoth = "3.5.0";

/** A cluster that runs with TLS and is to have none, or the other way round where etcd cannot do both for a while. */
export const tlsHazards: Judge = ({ spec, facts }) =>
  spec.members.flatMap((member): Problem[] => {
    const now = facts.members[member.name];
    if (now === undefined || now.listedAt === "") return [];
    const secure = now.listedAt.startsWith("https://");
    if (secure === (spec.tls !== undefined)) return [];
    const problem = (message: string, next: string): Problem[] => [
      { code: "E_TLS_SWITCH", member: member.name, message, severity: "refuse", next },
    ];
    if (secure)
      return problem(
        `${member.name} runs with TLS, and the file says \`tls: off\``,
        "bring back the `tls` of the file; quorate does not take TLS away from a cluster with data",
      );
    if (now.version === "" || compareVersions(now.version, servesBoth) >= 0) return [];
    return problem(
      `${member.name} runs etcd ${now.version}, which cannot serve clients with TLS and without on one port`,
      "go to 3.5 first, with `tls: off` as it is, and then change `tls`",
    );
  });

/** A running member that trusts somebody else, and what will end while quorate cannot make it anew. */
export const trustHazards: Judge = ({ spec, seen, facts }) =>
  spec.members.flatMap((member): Problem[] => {
    const now = facts.members[member.name];
    const verdict = seen.trust[member.name];
    if (now?.reach !== "yes" || verdict === undefined) return [];
    if (now.trust === "wrong" && verdict.foreignCa && now.process === "up" && now.config !== "") {
      const message = `${member.name} runs with certificates of another CA: ${verdict.reasons.join("; ")}`;
      return [{ code: "E_TRUST_REPLACED", member: member.name, message, severity: "refuse" }];
    }
    return isBeyondUs(verdict)
      ? [{ code: "E_CERT_DUE", member: member.name, message: sayDue(member.name, verdict), severity: "warn" }]
      : [];
  });

/** A list that nobody here has made may name certificates that nobody here knows to be revoked. */
export const listHazards: Judge = ({ spec, seen }) =>
  spec.members.flatMap(({ name }): Problem[] => {
    if (seen.lists?.[name] !== "foreign") return [];
    const message = `${name} has a list of revoked certificates that this machine's records do not know`;
    return [{ code: "E_LIST_FOREIGN", member: name, message, severity: "refuse" }];
  });

const isBeyondUs = ({ state, renewable }: TrustVerdict): boolean => state === "renewal-due" && renewable === false;

const sayDue = (name: string, { reasons, notAfter }: TrustVerdict): string =>
  `the certificates of ${name} end on ${notAfter?.slice(0, 10) ?? "an unknown day"}, and quorate cannot renew them: ${reasons.join("; ")}`;
