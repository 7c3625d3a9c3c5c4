/** cfssl's JSON inputs, as the tutorial writes them, read into the `tls` part of a cluster file. */
import { QuorateError } from "../errors.js";
import type { KeyAlgorithm, TlsSpec } from "../spec/spec.js";
import { hoursOf, knownUsages } from "./cfssl-words.js";
import { isRecord, parseJson, type JsonFile } from "./json-file.js";

export interface CfsslInput {
  /** ca-csr.json: key, names, ca.expiry. */
  readonly caCsr?: JsonFile;
  /** etcd-csr.json: key, names, hosts. */
  readonly etcdCsr?: JsonFile;
  /** ca-config.json: expiry and usages of its profiles. */
  readonly caConfig?: JsonFile;
  /** The profile that `cfssl gencert -profile` named; without it the only one, or else the default section. */
  readonly profile?: string;
  /** Addresses of members: they stand in each member's own certificate and need not be extra names of all. */
  readonly memberAddresses?: readonly string[];
}

export type CfsslTls = Partial<Pick<TlsSpec, "algorithm" | "subject" | "sans" | "caDays" | "leafDays">>;

/** What the files say, and every problem (E_CFSSL). Usages are only checked: quorate sets what etcd demands. */
export function fromCfssl(input: CfsslInput): { tls: CfsslTls; problems: readonly QuorateError[] } {
  const problems: QuorateError[] = [];
  const open = (file: JsonFile | undefined): Source | undefined => {
    const parsed = file === undefined ? undefined : parseJson(file, "E_CFSSL", problems);
    if (parsed === undefined || file === undefined) return undefined;
    const say = (message: string, details: object = {}): void => {
      problems.push(new QuorateError("E_CFSSL", `${file.path}: ${message}`, { where: file.path, ...details }));
    };
    if (isRecord(parsed)) return { root: parsed, say };
    say("is not a JSON object");
    return undefined;
  };
  const [ca, etcd, config] = [open(input.caCsr), open(input.etcdCsr), open(input.caConfig)];
  const algorithm = algorithmOf(etcd) ?? algorithmOf(ca);
  const subject = subjectOf(etcd) ?? subjectOf(ca);
  const sans = etcd === undefined ? undefined : sansOf(etcd, input.memberAddresses ?? []);
  const caDays = ca === undefined ? undefined : daysOf(ca, section(ca, "ca")["expiry"], "ca.expiry");
  const leafDays = config === undefined ? undefined : lifetimeOf(config, input.profile);
  const tls: CfsslTls = {
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(subject === undefined ? {} : { subject }),
    ...(sans === undefined ? {} : { sans }),
    ...(caDays === undefined ? {} : { caDays }),
    ...(leafDays === undefined ? {} : { leafDays }),
  };
  return { tls, problems };
}

interface Source {
  readonly root: Readonly<Record<string, unknown>>;
  readonly say: (message: string, details?: object) => void;
}

const section = (source: Source, name: string): Readonly<Record<string, unknown>> => {
  const value = source.root[name];
  if (value === undefined || value === null) return {};
  if (isRecord(value)) return value;
  source.say(`${name} is not an object`);
  return {};
};

const algorithms: Readonly<Record<string, KeyAlgorithm>> = {
  "rsa 2048": "rsa-2048",
  "rsa 3072": "rsa-3072",
  "rsa 4096": "rsa-4096",
  "ecdsa 256": "ecdsa-p256",
  "ecdsa 384": "ecdsa-p384",
  ed25519: "ed25519",
};

function algorithmOf(source: Source | undefined): KeyAlgorithm | undefined {
  if (source?.root["key"] === undefined) return undefined;
  const { algo, size } = section(source, "key");
  const found = algo === "ed25519" ? "ed25519" : `${String(algo)} ${String(size)}`;
  const known = algorithms[found];
  if (known === undefined) {
    source.say(`key ${found} is not one that quorate makes`, { expected: Object.keys(algorithms).join(", "), found });
  }
  return known;
}

/** The first of `names`: quorate's certificates have one value per field. */
function subjectOf(source: Source | undefined): CfsslTls["subject"] {
  const names = source?.root["names"];
  if (source === undefined || names === undefined) return undefined;
  const first: unknown = Array.isArray(names) ? names[0] : undefined;
  if (!isRecord(first)) {
    source.say('names is not a list of objects such as {"C": "JP", "O": "k8s"}');
    return undefined;
  }
  const subject: Record<string, string> = {};
  for (const field of ["C", "ST", "L", "O", "OU"] as const) {
    const value = first[field];
    if (value === undefined || value === "") continue;
    if (typeof value === "string") subject[field] = value;
    else source.say(`names[0].${field} is not a text`);
  }
  return subject;
}

const loopback = new Set(["127.0.0.1", "::1", "localhost"]);

function sansOf(source: Source, members: readonly string[]): string[] | undefined {
  const hosts = source.root["hosts"];
  if (hosts === undefined || hosts === null) return undefined;
  if (!Array.isArray(hosts) || !hosts.every((host): host is string => typeof host === "string")) {
    source.say("hosts is not a list of texts");
    return undefined;
  }
  return [...new Set(hosts)].filter((host) => host !== "" && !loopback.has(host) && !members.includes(host));
}

function lifetimeOf(source: Source, wanted: string | undefined): number | undefined {
  const signing = section(source, "signing");
  const profiles = isRecord(signing["profiles"]) ? signing["profiles"] : {};
  for (const [name, profile] of Object.entries(profiles)) checkUsages(source, name, profile);
  const names = Object.keys(profiles);
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (wanted !== undefined && profiles[wanted] === undefined) {
    source.say(`has no profile ${wanted}`, { expected: names.join(", ") });
  }
  const chosen: unknown = name === undefined ? undefined : profiles[name];
  if (isRecord(chosen) && chosen["expiry"] !== undefined) {
    return daysOf(source, chosen["expiry"], `signing.profiles.${String(name)}.expiry`);
  }
  const standard: unknown = signing["default"];
  return isRecord(standard) ? daysOf(source, standard["expiry"], "signing.default.expiry") : undefined;
}

function checkUsages(source: Source, name: string, profile: unknown): void {
  const usages = isRecord(profile) ? (profile["usages"] ?? []) : undefined;
  if (!Array.isArray(usages)) {
    source.say(`signing.profiles.${name} has no list of usages`);
    return;
  }
  for (const usage of usages) {
    if (typeof usage === "string" && knownUsages.has(usage)) continue;
    source.say(`signing.profiles.${name}: unknown usage ${JSON.stringify(usage)}`, {
      expected: [...knownUsages].join(", "),
    });
  }
}

function daysOf(source: Source, value: unknown, path: string): number | undefined {
  if (value === undefined || value === "") return undefined;
  const hours = typeof value === "string" ? hoursOf(value) : undefined;
  if (hours !== undefined && hours > 0) return Math.max(1, Math.floor(hours / 24));
  source.say(`${path} is not a lifetime`, { expected: 'hours such as "87600h"', found: JSON.stringify(value) });
  return undefined;
}
