/** Where the words of a new cluster file come from: flags, files, the environment, or the operator's answers. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { QuorateError, QuorateErrors } from "../errors.js";
import type { Draft, DraftTls } from "../spec/draft.js";
import { draftFrom, type InitFlags } from "../spec/init.js";
import { tutorialVariables } from "../spec/environment.js";
import { formatDays } from "../spec/quantities.js";
import { askFlags } from "./init-questions.js";
import type { Session } from "./session.js";

export interface InitOptions {
  readonly name?: string;
  readonly member?: readonly string[];
  readonly hosts?: "ssh" | "local";
  readonly count?: string;
  readonly etcd?: string;
  readonly allowSingle?: boolean;
  readonly allowEven?: boolean;
  readonly tls?: boolean;
  readonly sshUser?: string;
  readonly sshPort?: string;
  readonly sshIdentity?: string;
  readonly sshJump?: string;
  readonly become?: "none" | "sudo" | "sudo-password";
  readonly environment?: string;
  readonly caCsr?: string;
  readonly etcdCsr?: string;
  readonly caConfig?: string;
  readonly profile?: string;
}

export async function draftOf(session: Session, options: InitOptions): Promise<Draft> {
  const { env } = session.terminal;
  const told = options.member !== undefined || options.hosts === "local" || options.environment !== undefined;
  const surrounded = tutorialVariables.some((name) => (env[name] ?? "") !== "");
  const flags = flagsOf(options);
  const asked =
    !told && !surrounded && session.terminal.interactive && !session.json ? await askFlags(session, flags) : flags;
  const environmentFile =
    options.environment === undefined
      ? undefined
      : { file: options.environment, text: read(session, options.environment) };
  const first = await draftFrom({
    flags: asked,
    environment: env,
    ...(environmentFile !== undefined && { environmentFile }),
  });
  const cfssl = first.tls === "off" ? undefined : await cfsslOf(session, options, first);
  return {
    ...first,
    ...(cfssl !== undefined && { tls: cfssl }),
    ...(options.allowSingle === true && { "allow-single": "true" }),
    ...(options.allowEven === true && { "allow-even": "true" }),
  };
}

function flagsOf({ name, member, hosts, count, etcd, tls, ...options }: InitOptions): InitFlags {
  const ssh = withoutUndefined({
    user: options.sshUser,
    port: options.sshPort,
    identity: options.sshIdentity,
    jump: options.sshJump,
    become: options.become,
  });
  return {
    ...(name !== undefined && { name }),
    ...(member !== undefined && { members: member }),
    ...(hosts !== undefined && { hosts }),
    ...(count !== undefined && { count: wholeNumber(count) }),
    ...(etcd !== undefined && { version: etcd }),
    ...(tls === false && { tls: "off" as const }),
    ...(Object.keys(ssh).length > 0 && { ssh }),
  };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 7) return value;
  throw new QuorateError("E_USAGE", `--count ${text} is not a number of members`, {
    expected: "1 to 7; three or five for a cluster that survives a loss",
    found: text,
  });
}

/** cfssl's files know nothing of members, and the members' own addresses need not be extra names. */
async function cfsslOf(
  session: Session,
  { caCsr, etcdCsr, caConfig, profile }: InitOptions,
  { members }: Draft,
): Promise<DraftTls | undefined> {
  if (caCsr === undefined && etcdCsr === undefined && caConfig === undefined) return undefined;
  const { fromCfssl } = await import("../pki/cfssl.js");
  const named = (path: string | undefined): { path: string; text: string } | undefined =>
    path === undefined ? undefined : { path, text: read(session, path) };
  const files = withoutUndefined({ caCsr: named(caCsr), etcdCsr: named(etcdCsr), caConfig: named(caConfig), profile });
  const memberAddresses = Array.isArray(members) ? members.flatMap(({ address }) => address ?? []) : [];
  const { tls, problems } = fromCfssl({ ...files, memberAddresses });
  if (problems.length > 0) throw new QuorateErrors(problems);
  const validity = withoutUndefined({ ca: days(tls.caDays), leaf: days(tls.leafDays) });
  return {
    ...(tls.algorithm !== undefined && { algorithm: tls.algorithm }),
    ...(tls.subject !== undefined && { subject: { ...tls.subject } }),
    ...(tls.sans !== undefined && tls.sans.length > 0 && { sans: [...tls.sans] }),
    ...(Object.keys(validity).length > 0 && { validity }),
  };
}

const days = (value: number | undefined): string | undefined => (value === undefined ? undefined : formatDays(value));

function read({ terminal }: Session, path: string): string {
  try {
    return readFileSync(resolve(terminal.cwd, path), "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new QuorateError("E_NO_FILE", `${path} cannot be read: ${why}`, {
      where: path,
      next: "name a file that can be read",
      cause,
    });
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
