/** What `quorate init` writes: flags, the tutorial's environment and cfssl's files → one draft. */
import { QuorateError, QuorateErrors } from "../errors.js";
import { isLoopback } from "./address.js";
import type { Draft, DraftMember, DraftTls } from "./draft.js";
import { readEnvironment, tutorialVariables, type PartialDraft, type TutorialEnvironment } from "./environment.js";
import { parseEnvironmentFile } from "./environment-file.js";
import { freePortPairs } from "./local-ports.js";
import { localPorts, localSlots } from "./resolve/member.js";

export interface InitFlags {
  /** Default: etcd. */
  readonly name?: string;
  /** NAME=ADDRESS, or an address alone; for local clusters a name alone too. */
  readonly members?: readonly string[];
  readonly hosts?: "ssh" | "local";
  /** Number of members of a local cluster that are not named. Default: 3. */
  readonly count?: number;
  /** etcd's version. */
  readonly version?: string;
  readonly tls?: "off";
  readonly ssh?: NonNullable<Draft["ssh"]>;
}

export interface InitSources {
  readonly flags?: InitFlags;
  /** Of the calling shell: only the tutorial's variables are looked at. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly environmentFile?: { readonly file: string; readonly text: string };
  /** The TLS part that cfssl's files say. */
  readonly cfssl?: DraftTls;
  /** For tests; default: asks the machine. */
  readonly isFree?: (port: number) => Promise<boolean>;
}

/**
 * Flags win over the environment file, the file over the environment.
 * @throws QuorateError E_USAGE when nobody names members; QuorateErrors of E_ENVIRONMENT.
 */
export async function draftFrom({
  flags = {},
  environment = {},
  environmentFile,
  cfssl,
  isFree,
}: InitSources): Promise<Draft> {
  const found = environmentOf(environment, environmentFile);
  const local = flags.hosts === "local";
  const named = (flags.members ?? []).map((text, index) => memberFrom(text, index, local));
  const members = named.length > 0 ? named : local ? unnamed(flags.count ?? 3) : (found?.members ?? []);
  if (members.length === 0) {
    throw new QuorateError("E_USAGE", "nobody says who the members are", {
      expected: "--member NAME=ADDRESS for each, --hosts local, or the variables ETCD_NODES or NODE_IPS",
      next: "for example: quorate init --member a=10.0.0.1 --member b=10.0.0.2 --member c=10.0.0.3",
    });
  }
  const tls = flags.tls ?? cfssl ?? found?.tls;
  return {
    name: flags.name ?? "etcd",
    ...(local ? { hosts: "local" as const } : {}),
    members: local ? await withFreePorts(members, isFree) : members,
    ...(flags.ssh === undefined ? {} : { ssh: flags.ssh }),
    ...(flags.version === undefined ? {} : { etcd: { version: flags.version } }),
    ...(tls === undefined ? {} : { tls }),
    ...(found?.consumers === undefined ? {} : { consumers: found.consumers }),
  };
}

function environmentOf(
  environment: Readonly<Record<string, string | undefined>>,
  file: InitSources["environmentFile"],
): PartialDraft | undefined {
  if (file === undefined) return readEnvironment(tutorialPart(environment), "the environment");
  const assigned = parseEnvironmentFile(file.text, file.file, tutorialVariables, environment);
  const values = Object.fromEntries(Object.entries(assigned).map(([name, { value }]) => [name, value]));
  try {
    return readEnvironment({ ...tutorialPart(environment), ...values }, file.file);
  } catch (error) {
    if (!(error instanceof QuorateErrors)) throw error;
    throw new QuorateErrors(error.problems.map((problem) => inFile(problem, assigned)));
  }
}

/** The line of the variable that the problem starts with, where the file sets it. */
function inFile(problem: QuorateError, assigned: ReturnType<typeof parseEnvironmentFile>): QuorateError {
  const line = assigned[problem.message.split(":")[0] ?? ""]?.line;
  return line === undefined
    ? problem
    : new QuorateError(problem.code, problem.message, { ...problem.details, line, column: 1 });
}

const tutorialPart = (environment: Readonly<Record<string, string | undefined>>): TutorialEnvironment =>
  Object.fromEntries(tutorialVariables.map((name) => [name, environment[name]]));

function memberFrom(text: string, index: number, local: boolean): DraftMember {
  const [, name, address] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  if (name !== undefined && address !== undefined && name !== "" && address !== "") return { name, address };
  if (name !== undefined || text === "") {
    throw new QuorateError("E_USAGE", `--member ${JSON.stringify(text)} is not NAME=ADDRESS`, {
      where: "--member",
      found: text,
      expected: "for example a=10.0.0.1",
    });
  }
  return local && !isLoopback(text) ? { name: text, address: loopback } : { name: `etcd-host${index}`, address: text };
}

const unnamed = (count: number): DraftMember[] =>
  Array.from({ length: count }, (_, index) => ({ name: `etcd-${index}`, address: loopback }));

const loopback = "127.0.0.1";

/** Ports are written down only where they are not the usual ones. */
async function withFreePorts(
  members: readonly DraftMember[],
  isFree?: (port: number) => Promise<boolean>,
): Promise<DraftMember[]> {
  const pairs = await freePortPairs(members.length, isFree);
  const slots = localSlots(members.map(({ name }) => name));
  return members.map((member, index) => {
    const pair = pairs[index];
    if (pair === undefined || pair.client === localPorts[slots[index] ?? index]) return member;
    return { ...member, client: { port: String(pair.client) }, peer: { port: String(pair.peer) } };
  });
}
