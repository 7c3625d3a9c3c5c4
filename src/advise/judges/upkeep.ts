/** How members are kept: certificates in time, supervisors, files. */
import { ofMembers, type Advice, type Judge } from "../advice.js";
import type { AdvisedCluster } from "../input.js";

const units = "etcd contrib/systemd; etcd server/etcdmain";

export const upkeep: Judge = (cluster) => [
  ...ofMembers(cluster, ({ trust }) => {
    const days = trust?.daysLeft;
    if (trust?.state === "wrong" && (days === undefined || days >= 0))
      return {
        ...{
          id: "certificates-wrong",
          severity: "critical",
          what: `its certificates are wrong: ${trust.reasons.join("; ")}`,
        },
        why: "its neighbours or its clients refuse it, now or after the next restart",
        ...{ do: "see `quorate certs`, and let `quorate up` mend them", source: "etcd.io/docs, op-guide/security" },
      };
    if (trust?.state === "outdated" && (days === undefined || days >= 30))
      return {
        ...{
          id: "certificates-outdated",
          severity: "warn",
          what: `its certificates are not as asked: ${trust.reasons.join("; ")}`,
        },
        why: "whoever comes under the names or for the uses that are missing is refused",
        ...{
          do: "let `quorate up` renew them; etcd needs no restart for it",
          source: "etcd.io/docs, op-guide/security",
        },
      };
    if (days === undefined || (days >= 30 && trust?.state !== "renewal-due")) return undefined;
    return {
      id: days < 0 ? "certificates-expired" : "certificates-due",
      severity: days < 7 ? "critical" : "warn",
      what: days < 0 ? `a certificate ended ${-days} days ago` : `a certificate ends in ${days} days`,
      why: "from then on every new connection to it fails, and those that are open end one by one",
      ...{
        do: "renew it: etcd reads certificates at each handshake, so no restart is needed",
        source: "client/pkg/transport/listener.go",
      },
    };
  }),
  ...ofMembers(cluster, ({ unit }) =>
    unit === undefined || unit.enabled
      ? undefined
      : {
          ...{ id: "not-enabled", severity: "warn", what: "is not started at boot" },
          why: "after a reboot the member stays away",
          ...{ do: "let `quorate up` enable it", source: units },
        },
  ),
  ...ofMembers(cluster, ({ unit }) =>
    unit?.restart !== "always"
      ? undefined
      : {
          ...{ id: "restarted-for-ever", severity: "warn", what: "its unit has Restart=always" },
          why: "a member that was removed from its cluster ends with status 0, and is started again for ever",
          ...{ do: "write Restart=on-failure, as quorate's unit does", source: "server/etcdmain/etcd.go" },
        },
  ),
  ...ofMembers(cluster, ({ unit }) =>
    unit?.restart !== "no"
      ? undefined
      : {
          ...{ id: "not-restarted", severity: "warn", what: "its unit has Restart=no" },
          why: "nobody starts it again when it fails",
          ...{ do: "write Restart=on-failure", source: units },
        },
  ),
  ...ofMembers(cluster, ({ unit }) =>
    unit?.type === undefined || unit.type === "notify"
      ? undefined
      : {
          ...{ id: "not-told-ready", severity: "note", what: `its unit has Type=${unit.type}` },
          why: "systemd takes it for ready as soon as it runs, with or without a quorum",
          ...{ do: "write Type=notify with TimeoutStartSec=infinity", source: "etcd-io/etcd#13526" },
        },
  ),
  ...ofMembers(cluster, ({ unit }) =>
    unit?.user !== "root" || unit.kind !== "systemd"
      ? undefined
      : {
          ...{ id: "runs-as-root", severity: "warn", what: "runs as root" },
          why: "a fault in etcd is a fault of the whole host",
          ...{ do: "give it a user of its own", source: "CIS 1.1.12" },
        },
  ),
  ...ofMembers(cluster, ({ unit }) =>
    unit?.openFiles === undefined || unit.openFiles >= 40_000
      ? undefined
      : {
          ...{ id: "few-files", severity: "note", what: `may open ${unit.openFiles} files` },
          why: "every client connection is a file; when there are too many, new ones are refused",
          ...{ do: "set LimitNOFILE to 40000 or more", source: units },
        },
  ),
  ...ofMembers(cluster, ({ unit }) =>
    unit === undefined || unit.restarts < 3
      ? undefined
      : {
          ...{ id: "keeps-failing", severity: "warn", what: `was started again ${unit.restarts} times` },
          why: "it fails and comes back, so its neighbours hold elections and its clients wait",
          ...{ do: "read its log: journalctl -u its unit", source: units },
        },
  ),
  ...ofMembers(cluster, ({ asAsked, unit }) =>
    asAsked !== false && unit?.needsReload !== true
      ? undefined
      : {
          ...{ id: "runs-otherwise", severity: "warn", what: "runs with other settings than its files ask for" },
          why: "its next start, whoever causes it, changes how it behaves",
          ...{ do: "see `quorate plan`, and choose the time with `quorate up`", source: "quorate" },
        },
  ),
  ...files(cluster),
  ...sharedMachines(cluster),
];

function files({ members }: AdvisedCluster): Advice[] {
  return members.flatMap(({ name, files: all }) =>
    all.flatMap(({ what, path, mode }): Advice[] => {
      const [group, others] = [Number.parseInt(mode.at(-2) ?? "0", 8), Number.parseInt(mode.at(-1) ?? "0", 8)];
      if (group === 0 && others === 0) return [];
      const isKey = what === "private key";
      return [
        {
          id: isKey ? "key-open" : "data-open",
          severity: isKey && others !== 0 ? "critical" : "warn",
          ...{ member: name, what: `its ${what} ${path} has mode ${mode}` },
          why: isKey
            ? "whoever reads the key can take the member's place"
            : "whoever reads the data goes past every user and role",
          ...{ do: isKey ? "chmod 0600 it" : "chmod 0700 it", source: isKey ? "CIS 1.1.21" : "CIS 1.1.11" },
        },
      ];
    }),
  );
}

function sharedMachines({ members }: AdvisedCluster): Advice[] {
  const known = members.filter(({ machineId, unit }) => (machineId ?? "") !== "" && unit?.kind === "systemd");
  const shared = known.filter((one) => known.some((other) => other !== one && other.machineId === one.machineId));
  if (shared.length === 0) return [];
  return [
    {
      ...{
        id: "same-machine",
        severity: "warn",
        what: `${shared.map(({ name }) => name).join(" and ")} live on one machine`,
      },
      why: "one failure takes them together",
      ...{ do: "move one of them", source: "etcd.io/docs, faq" },
    },
  ];
}
