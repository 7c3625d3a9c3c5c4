/** Which etcd of a host is meant, and what its files say. Pure: what was read so far → what it means, and what to read next. */
import { QuorateError } from "../errors.js";
import type { ProcessFact, Reachable } from "../host/host.js";
import { configurationFlags } from "./configuration-file.js";
import { configurationFileOf, flagsInForce, type Flags } from "./flags.js";
import type { Keeper } from "./found.js";
import { staticPodOf, type StaticPod } from "./manifest.js";
import { environmentFilesOf, serviceSection, startedBy } from "./unit-file.js";

export const manifestPath = "/etc/kubernetes/manifests/etcd.yaml";

/** Text files of the host that were read, by path. */
export type Texts = Readonly<Record<string, string>>;

export interface Chosen {
  readonly keeper: Keeper;
  readonly process: ProcessFact | undefined;
}

export interface Reading {
  readonly flags: Flags;
  readonly written: Flags | undefined;
  readonly unset: readonly string[];
  /** Files that it is read from, whether they could be read or not. */
  readonly sources: readonly string[];
}

/**
 * @param unit as the operator named it; undefined: the only etcd that runs, or the unit `etcd`
 * @throws QuorateError E_ADOPT_NONE, E_ADOPT_SEVERAL
 */
export function choose(host: string, seen: Reachable, unit: string | undefined): Chosen {
  const { processes = [], units = {} } = seen;
  const wanted = unit === undefined ? processes : processes.filter((process) => process.unit === unit);
  const [process, another] = wanted;
  if (process !== undefined && another !== undefined)
    throw new QuorateError("E_ADOPT_SEVERAL", `${wanted.length} etcd run on ${host}`, {
      where: host,
      found: wanted.map((each) => `pid ${each.pid} in ${each.unit ?? each.controlGroup}`).join(", "),
      expected: "one, or its unit named with --unit",
    });
  if (process !== undefined) return { keeper: keeperOf(process, units), process };
  const name = unit ?? "etcd";
  const fact = units[name];
  if (fact !== undefined) return { keeper: { kind: "unit", name, fact }, process: undefined };
  throw new QuorateError("E_ADOPT_NONE", `no etcd runs on ${host}, and there is no unit ${name}`, {
    where: host,
    ...(processes.length > 0 && {
      found: `etcd in ${processes.map((each) => each.unit ?? each.controlGroup).join(", ")}`,
    }),
  });
}

function keeperOf(process: ProcessFact, units: Reachable["units"]): Keeper {
  const { unit, controlGroup } = process;
  const fact = unit === undefined ? undefined : units?.[unit];
  if (unit !== undefined && fact !== undefined && !/^(docker|containerd|kubelet|crio|podman)/.test(unit))
    return { kind: "unit", name: unit, fact };
  if (/kubepods/.test(controlGroup)) return { kind: "static-pod", path: manifestPath };
  if (/docker|containerd|libpod|crio|podman/.test(controlGroup)) return { kind: "container", controlGroup };
  return { kind: "none", controlGroup };
}

/** What the files that were read so far say; call it again when more of them are. */
export function readingOf({ keeper, process }: Chosen, texts: Texts): Reading {
  const written = keeper.kind === "unit" ? unitReading(keeper, texts) : podReading(keeper, texts);
  const running =
    process === undefined ? undefined : inForce(process.arguments, process.environment, texts, written?.pod);
  const configuration = [
    ...(process === undefined ? [] : [configurationFileOf(process.arguments, process.environment)]),
    written?.configuration,
  ].filter((path) => path !== undefined);
  const inside = (path: string): string => written?.pod?.hostPath(path) ?? path;
  return {
    flags: running ?? written?.flags ?? {},
    written: written?.flags,
    unset: written?.unset ?? [],
    sources: [...new Set([...(written?.sources ?? []), ...configuration.map(inside)])],
  };
}

interface Written {
  readonly flags: Flags | undefined;
  readonly unset: readonly string[];
  readonly sources: readonly string[];
  readonly configuration: string | undefined;
  readonly pod?: StaticPod;
}

function unitReading({ name, fact }: Extract<Keeper, { kind: "unit" }>, texts: Texts): Written {
  const files = [fact.path, ...fact.dropIns].filter((path) => path !== "");
  const present = files.flatMap((path) => (texts[path] === undefined ? [] : [{ path, text: texts[path] }]));
  const [prefix = name, instance = ""] = name.split("@");
  const section = serviceSection(present, { p: prefix, i: instance, N: name, n: `${name}.service` });
  const started = startedBy(section, (path) => texts[path]);
  const readable = files.every((path) => texts[path] !== undefined) && /etcd$/.test(started.arguments[0] ?? "");
  return {
    flags: readable ? inForce(started.arguments, started.environment, texts) : undefined,
    unset: started.unset,
    sources: [...files, ...environmentFilesOf(section)],
    configuration: configurationFileOf(started.arguments, started.environment),
  };
}

function podReading(keeper: Keeper, texts: Texts): Written | undefined {
  if (keeper.kind !== "static-pod") return undefined;
  const text = texts[keeper.path];
  const pod = text === undefined ? undefined : staticPodOf(text);
  return {
    flags: pod === undefined ? undefined : inForce(pod.arguments, pod.environment, texts, pod),
    unset: [],
    sources: [keeper.path],
    configuration: pod === undefined ? undefined : configurationFileOf(pod.arguments, pod.environment),
    ...(pod !== undefined && { pod }),
  };
}

const pathFlag = /(^data-dir|^wal-dir|-file|^config-file)$/;

function inForce(words: readonly string[], variables: Texts, texts: Texts, pod?: StaticPod): Flags {
  const onHost = (path: string): string => pod?.hostPath(path) ?? path;
  const flags = flagsInForce(words, variables, (path) => configurationFlags(texts[onHost(path)] ?? ""));
  if (pod === undefined) return flags;
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      pathFlag.test(name) ? { ...flag, value: onHost(flag.value) } : flag,
    ]),
  );
}
