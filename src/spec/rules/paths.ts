/** Folders on the members' machines: absolute, quorate's alone, and none inside another. */
import { posix } from "node:path";
import { quoted, type Problem, type YamlPath } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";
import type { MemberSpec, PathsSpec } from "../spec.js";

type Key = keyof PathsSpec;
const keys: readonly Key[] = ["data", "wal", "certificates", "binaries", "unit", "state"];

/** Folders that the operating system and its users own: nothing of ours may be one, though it may be inside. */
const systemFolders = new Set(
  `/ /bin /boot /dev /etc /home /lib /lib32 /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var
   /usr/bin /usr/lib /usr/local /usr/sbin /usr/share /etc/systemd /etc/systemd/system /etc/ssl /etc/kubernetes
   /var/lib /var/log /var/cache /var/tmp /var/run /var/spool`
    .trim()
    .split(/\s+/),
);

export function paths(candidate: Candidate): Problem[] {
  const found = new Map<string, Problem>();
  const { spec } = candidate;
  for (const [index, member] of spec.members.entries()) {
    const unfit = single(candidate, member, index);
    const told = new Set(unfit.map((problem) => problem.path.join("/")));
    const further = nested(candidate, member, index).filter((problem) => !told.has(problem.path.join("/")));
    for (const problem of [...unfit, ...further]) found.set(`${problem.path.join("/")} ${problem.message}`, problem);
  }
  return [...found.values(), ...unitFile(candidate), ...stateFolder(candidate)];
}

function single(candidate: Candidate, member: MemberSpec, index: number): Problem[] {
  return keys.flatMap((key) => {
    const path = member.paths[key];
    const written = writtenPath(candidate, index, key) ?? path;
    if (path === undefined || written === undefined) return [];
    const local = member.host.kind === "local";
    const why =
      unfit(local ? path : written, key, local) ?? (local ? undefined : closed(path, key, candidate.spec.service.user));
    return why === undefined
      ? []
      : [
          {
            ...wrong(written, where(candidate, index, key)),
            message: `${quoted(written)} ${why.says}`,
            ...(why.next === undefined ? {} : { next: why.next }),
          },
        ];
  });
}

/** Local paths go through one quoted script; those of hosts into units too, where spaces and `%` mean something. */
function unfit(path: string, key: Key, local: boolean): { says: string; next?: string } | undefined {
  if (path.startsWith("~"))
    return { says: "is in a home: which one depends on who asks", next: "write the absolute path" };
  if (!path.startsWith("/"))
    return {
      says: "is relative: hosts have no current folder",
      next: `write the absolute path, for example /var/lib/etcd`,
    };
  const plain = path.length > 1 ? path.replace(/\/+$/, "") : path;
  if (posix.normalize(plain) !== plain)
    return { says: "is not plain: it has `.`, `..` or `//` in it", next: `write ${posix.normalize(plain)}` };
  if (key !== "unit" && systemFolders.has(plain))
    return { says: "is a folder of the operating system", next: "name a folder inside it that is for etcd alone" };
  if (key !== "unit" && /^\/home\/[^/]+$/.test(plain))
    return { says: "is a user's home", next: "name a folder inside it that is for etcd alone" };
  if (!local && /[\s"'\\$`*?<>|;&%]/.test(plain))
    return { says: "has a character that units and shells read as something else" };
  return undefined;
}

/** The tutorial runs etcd as root and keeps its binaries below /root; any other user cannot even enter there. */
function closed(path: string, key: Key, user: string): { says: string; next: string } | undefined {
  if (!inside(path, "/root") || user === "root" || key === "unit" || key === "state") return undefined;
  return {
    says: `is inside /root, which only root may enter, and etcd runs as ${user}`,
    next: "name another folder, or let etcd run as root with `service: { user: root }`",
  };
}

/** Folders that are moved, replaced or wiped as a whole must not hold one another. */
function nested(candidate: Candidate, member: MemberSpec, index: number): Problem[] {
  const folders = keys
    .filter((key) => key !== "unit")
    .flatMap((key) => (member.paths[key] === undefined ? [] : [{ key, path: member.paths[key] }]));
  return folders.flatMap((one, position) =>
    folders.slice(position + 1).flatMap((other) => {
      const relation =
        one.path === other.path
          ? "is the same as"
          : inside(one.path, other.path)
            ? "is inside"
            : inside(other.path, one.path)
              ? "holds"
              : undefined;
      if (relation === undefined) return [];
      const given = writtenPath(candidate, index, other.key) === undefined ? one.key : other.key;
      const message = `paths.${one.key} (${one.path}) ${relation} paths.${other.key} (${other.path})`;
      return [
        {
          ...wrong(member.paths[given] ?? "", where(candidate, index, given)),
          message,
          next: "give each a folder of its own",
        },
      ];
    }),
  );
}

function unitFile(candidate: Candidate): Problem[] {
  const { spec, file } = candidate;
  const unit = file.paths?.unit;
  if (unit === undefined || file.hosts === "local" || posix.basename(unit) === `${spec.service.unit}.service`)
    return [];
  const next = `name it ${spec.service.unit}.service, or set service.unit`;
  return [
    {
      ...wrong(unit, ["paths", "unit"]),
      message: `the unit file is not called ${spec.service.unit}.service, as service.unit says`,
      next,
    },
  ];
}

function stateFolder({ spec, file }: Candidate): Problem[] {
  if (file.state === undefined || !systemFolders.has(spec.stateDir)) return [];
  return [
    {
      ...wrong(file.state, ["state"]),
      message: `${quoted(file.state)} is a folder of the operating system`,
      next: "name a folder of its own",
    },
  ];
}

const inside = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

const writtenPath = ({ file, entries }: Candidate, index: number, key: Key): string | undefined =>
  entries[index]?.paths?.[key] ?? file.paths?.[key];

function where({ entries }: Candidate, index: number, key: Key): YamlPath {
  const entry = entries[index];
  return entry?.paths?.[key] === undefined ? ["paths", key] : [...entry.at, "paths", key];
}

const wrong = (path: string, at: YamlPath): Omit<Problem, "message"> => ({
  code: "E_SPEC_PATH",
  path: at,
  found: quoted(path),
  expected: "an absolute path that is quorate's alone",
});
