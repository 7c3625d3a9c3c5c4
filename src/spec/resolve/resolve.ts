/** A file of the right shape → the spec. Total: what makes no sense is kept for the rules to judge. */
import { parseSize } from "../quantities.js";
import type { ClusterFile } from "../shape/schema.js";
import type { ConsumersSpec, ReleaseSource, ReleaseSpec, ServiceSpec, Spec } from "../spec.js";
import { operatorPath, type Surroundings } from "../surroundings.js";
import { memberEntries, type MemberEntry } from "./entries.js";
import { resolveAuth } from "./auth.js";
import { localSlots, resolveMember } from "./member.js";
import { resolveSettings } from "./settings.js";
import { resolveTls } from "./tls.js";

/** What the rules judge: the spec, and what it was made from. */
export interface Candidate {
  readonly spec: Spec;
  readonly file: ClusterFile;
  /** In the order of spec.members. */
  readonly entries: readonly MemberEntry[];
  readonly surroundings: Surroundings;
  /** Members of the wrong shape were left out, so their number says nothing. */
  readonly partial: boolean;
}

export const officialSite = "https://github.com/etcd-io/etcd/releases/download";

export interface LeftOut {
  /** Indexes of the written list that `members` no longer has. */
  readonly skipped: readonly number[];
  /** Members were left out, in whichever form they were written. */
  readonly partial: boolean;
}

/** @param left what the file no longer has of what was written. */
export function resolveSpec(
  file: ClusterFile,
  surroundings: Surroundings,
  left: LeftOut = { skipped: [], partial: false },
): Candidate {
  const entries = memberEntries(file.members, left.skipped);
  const slots = localSlots(entries.map(({ name }) => name));
  const stateDir = operatorPath(surroundings, file.state ?? `.quorate/${file.name}`);
  const spec: Spec = {
    name: file.name,
    token: file.etcd?.token ?? file.name,
    file: surroundings.file,
    stateDir,
    etcd: {
      version: file.etcd?.version,
      settings: resolveSettings(file.etcd?.settings ?? {}),
      accept: file.etcd?.accept ?? [],
    },
    members: entries.map((entry, index) => resolveMember(file, entry, slots[index] ?? index, stateDir, surroundings)),
    former: [],
    tls:
      file.tls === "off"
        ? undefined
        : resolveTls(
            file.tls ?? {},
            entries.map((entry) => entry.name),
            surroundings,
          ),
    service: resolveService(file, surroundings),
    ...(file.auth !== undefined && { auth: resolveAuth(file.auth, surroundings) }),
    release: resolveRelease(file.release, surroundings),
    consumers: resolveConsumers(file.consumers),
  };
  return { spec, file, entries, surroundings, partial: left.partial };
}

function resolveService(file: ClusterFile, surroundings: Surroundings): ServiceSpec {
  const { unit = "etcd", user = "etcd", group = user } = file.service ?? {};
  const memory = file.service?.["memory-max"];
  const local = file.hosts === "local";
  return {
    kind: local ? "process" : "systemd",
    unit,
    user: local ? surroundings.user : user,
    group: local ? surroundings.group : group,
    openFiles: Number(file.service?.["open-files"] ?? "65536"),
    memoryMax: memory === undefined ? undefined : parseSize(memory),
  };
}

function resolveRelease(written: ClusterFile["release"], surroundings: Surroundings): ReleaseSpec {
  const usual: readonly ReleaseSource[] = ["cache", "official", "distribution", "build"];
  return {
    sources: written?.sources ?? (written?.from === undefined ? usual : ["given", ...usual]),
    given: written?.from === undefined ? undefined : operatorPath(surroundings, written.from),
    mirror: (written?.mirror ?? officialSite).replace(/\/+$/, ""),
    suites: written?.suites ?? [],
  };
}

function resolveConsumers(written: ClusterFile["consumers"]): ConsumersSpec {
  return {
    flannelPrefix: written?.["flannel-prefix"] ?? "/kubernetes/network",
    clusterCidr: written?.["cluster-cidr"] ?? "172.30.0.0/16",
    serviceCidr: written?.["service-cidr"] ?? "10.254.0.0/16",
  };
}
