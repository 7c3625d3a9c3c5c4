/** Members that somebody else built → what advice is given on. Pure. */
import { isIP } from "node:net";
import type { AdvisedCluster, AdvisedFile, AdvisedMember, AdvisedTrust } from "../../advise/input.js";
import { isLoopback } from "../../spec/address.js";
import { missingNames, missingUsages } from "../../pki/judge.js";
import { validityOf } from "../../pki/pem.js";
import { daysLeft, shareLeft } from "../../pki/validity.js";
import { dataFolderOf, nameOf, type Live } from "../found.js";
import { keyPathOf, leafOf, type Role } from "../leaves.js";
import { entryOf } from "../roster.js";
import { urlsIn } from "../urls.js";

const roles: readonly Role[] = ["client", "peer"];
/** Where less of a certificate's time is left, it is due; as for quorate's own. */
const dueBelow = 0.33;

export function advisedOf(members: readonly Live[], now: number): AdvisedCluster {
  const [first] = members;
  return {
    now,
    members: members.map((member) => advisedMember(member, now)),
    listed: first?.listing.members.map(({ id, name, isLearner, clientUrls }) => ({
      ...{ id, name, isLearner },
      started: clientUrls.length > 0,
    })),
  };
}

function advisedMember(member: Live, now: number): AdvisedMember {
  const { flags, keeper, machine, status, alarms, clockSkew } = member;
  return {
    ...{ name: nameOf(member), api: "serving", status, clockSkew, arch: machine.arch, machineId: machine.id },
    alarms: alarms.filter(({ memberId }) => memberId === status.memberId).map(({ kind }) => kind),
    settings: Object.fromEntries(Object.entries(flags).map(([name, { value }]) => [name, value])),
    trust: trustOf(member, now),
    unit:
      keeper.kind === "unit"
        ? {
            ...{ kind: "systemd", restarts: 0, needsReload: false, enabled: keeper.fact.enabled },
            ...{ restart: keeper.fact.restart, type: keeper.fact.type, user: keeper.fact.user },
            openFiles: keeper.fact.openFiles,
          }
        : undefined,
    files: filesOf(member),
  };
}

function filesOf(member: Live): AdvisedFile[] {
  const data = dataFolderOf(member.flags);
  const keys = roles.flatMap((role) => keyPathOf(member, role) ?? []);
  const asked: [AdvisedFile["what"], string][] = [
    ...(data === undefined ? [] : [["data folder", data] satisfies [AdvisedFile["what"], string]]),
    ...[...new Set(keys)].map((path): [AdvisedFile["what"], string] => ["private key", path]),
  ];
  return asked.flatMap(([what, path]) => {
    const stat = member.stats[path];
    return stat === undefined || stat.kind === "link" ? [] : [{ what, path, mode: stat.mode }];
  });
}

/** undefined: without TLS, or its files could not be read. */
function trustOf(member: Live, now: number): AdvisedTrust | undefined {
  const judged = roles.flatMap((role) => {
    const leaf = leafOf(member, role);
    if (leaf === undefined) return [];
    const { clientUrls, peerUrls } = entryOf(member);
    const dialled = urlsIn((role === "client" ? clientUrls : peerUrls).join(",")).map(({ host }) => host);
    const names = missingNames(
      leaf,
      dialled.filter((host) => isIP(host) !== 0 || !isLoopback(host)),
    );
    const validity = validityOf(leaf);
    const days = daysLeft(validity.notAfter, now);
    const reasons = [
      ...(days < 0 ? ["it has expired"] : []),
      ...missingUsages(leaf, ["serverAuth", "clientAuth"]).map((usage) => `it lacks the extended key usage ${usage}`),
      ...names.map((name) => `it does not cover ${name}`),
    ].map((reason) => `${role}: ${reason}`);
    return [{ reasons, days, due: shareLeft(validity, now) < dueBelow }];
  });
  if (judged.length === 0) return undefined;
  const reasons = judged.flatMap((one) => one.reasons);
  return {
    state: reasons.length > 0 ? "wrong" : judged.some(({ due }) => due) ? "renewal-due" : "ok",
    daysLeft: Math.min(...judged.map(({ days }) => days)),
    reasons,
  };
}
