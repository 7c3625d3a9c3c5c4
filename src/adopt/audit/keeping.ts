/** How the members are run: users, units, folders. */
import { nameOf, dataFolderOf, valueOf, type Live } from "../found.js";
import { isDefault } from "../defaults.js";
import { isIgnored } from "../settings.js";
import { lineOf } from "../../release/versions.js";
import { grouped, where, type Finding, type Judge } from "./finding.js";

const unitOf = ({ keeper }: Live) => (keeper.kind === "unit" ? keeper.fact : undefined);

export const keeping: Judge = ({ members }) => [
  ...where(members, (member) => (unitOf(member)?.user ?? "") === "root", {
    rule: "runs-as-root",
    severity: "risk",
    says: "etcd runs as root: a fault in etcd is a fault of the whole host",
    next: "write `service: { user: etcd }` when the cluster may be restarted, member by member",
  }),
  ...where(members, (member) => unitOf(member)?.enabled === false, {
    rule: "not-enabled",
    severity: "danger",
    says: "the unit is not started at boot: after a reboot the member stays away",
    next: "run `systemctl enable` for it on the host",
  }),
  ...where(members, (member) => unitOf(member)?.restart === "no", {
    rule: "not-restarted",
    severity: "risk",
    says: "the unit does not start etcd again when it fails",
  }),
  ...where(members, (member) => unitOf(member)?.restart === "always", {
    rule: "restarted-for-ever",
    severity: "note",
    says: "the unit starts etcd again even after it was removed from its cluster, when it ends with 0",
  }),
  ...where(members, (member) => !["notify", ""].includes(unitOf(member)?.type ?? ""), {
    rule: "not-told-ready",
    severity: "note",
    says: "the unit does not wait until etcd says that it is ready, so systemd knows nothing of a member without quorum",
  }),
  ...grouped(members, (member): Omit<Finding, "members">[] => {
    const dropIns = unitOf(member)?.dropIns ?? [];
    if (dropIns.length === 0) return [];
    const next = "move them away before the first change: they would alter quorate's unit too";
    return [{ rule: "drop-ins", severity: "risk", says: `the unit has drop-ins: ${dropIns.join(", ")}`, next }];
  }),
  ...where(members, ({ flags, stats }) => /[1-7]$/.test(stats[dataFolderOf(flags) ?? ""]?.mode ?? ""), {
    rule: "data-open",
    severity: "risk",
    says: "everybody on the host can look into the data directory",
  }),
  ...grouped(members, ({ unset }) =>
    unset.map((name) => ({
      rule: "variable-unset",
      severity: "risk",
      says: `the unit's command line names $${name}, and nothing sets it`,
      next: "see that the environment file is there",
    })),
  ),
  ...grouped(members, ({ flags, status }) =>
    Object.entries(flags)
      .filter(([name, { source }]) => source === "environment" && isIgnored(name, status.version))
      .map(([name]) => ({
        rule: "variable-ignored",
        severity: "risk",
        says: `the environment says ${name}, which etcd ${status.version} does not know and silently passes over`,
        next: "see what took its place, and take the variable away",
      })),
  ),
  ...grouped(members, pending),
];

/** The files were changed after the start, and the next start, whoever causes it, will take the change up. */
function pending(member: Live): Omit<Finding, "members">[] {
  const { written, flags, process, status } = member;
  if (written === undefined || process === undefined) return [];
  const line = lineOf(status.version);
  const value = (side: Live["flags"], name: string): string => {
    const said = valueOf(side, name) ?? "";
    return isDefault(line, name, said) ? "" : said;
  };
  const names = [...new Set([...Object.keys(written), ...Object.keys(flags)])].filter((name) => {
    // What systemd alone can fill in is not known here.
    const then = value(written, name);
    return then !== value(flags, name) && !/%[A-Za-z]/.test(then) && name !== "config-file";
  });
  if (names.length === 0) return [];
  const differences = names.map(
    (name) => `${name}: ${value(flags, name) || "not given"}, on disk ${value(written, name) || "not given"}`,
  );
  return [
    {
      rule: "pending-change",
      severity: "danger",
      says: `${nameOf(member)} runs with other settings than its files say, so that any restart changes them: ${differences.join("; ")}`,
      next: "find out which of the two is meant; quorate goes by what runs",
    },
  ];
}
