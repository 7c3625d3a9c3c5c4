/** `quorate certs renew` and `quorate certs rotate-ca`: certificates and CAs of a cluster that runs. */
import { QuorateError } from "../errors.js";
import type { Spec } from "../spec/spec.js";
import type { PlanOptions } from "../survey.js";
import type { World } from "../world.js";
import { demandConsent } from "./ask.js";
import { secretsOf, type SecretOptions } from "./secrets.js";
import { exit, type Session } from "./session.js";

export interface ChangeOptions extends SecretOptions {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly dropOldCa?: boolean;
}

/** @param named members; all when empty */
export async function renew(session: Session, named: readonly string[], options: ChangeOptions): Promise<number> {
  const [{ inWorld, specOf }, { carryOut }] = await Promise.all([import("./world.js"), import("./carry-out.js")]);
  const spec = await specOf(session);
  demandTls(session, spec);
  const members = demandMembers(spec, named);
  const force = options.force === true ? { renew: { members, before: Date.now() } } : {};
  return inWorld(session, { ...options, ...force, judge: true }, async (_, world) => {
    const words = [
      ...named,
      ...(options.force === true ? ["--force"] : []),
      ...(options.yes === true ? ["--yes"] : []),
    ];
    const { code } = await carryOut(session, spec, world, {
      ...{ goal: "renewed", command: ["quorate certs renew", ...words].join(" "), planning: { only: members } },
      consent: async (plan) => {
        if (options.yes !== true) await demandConsent(session, `Renew these of ${plan.cluster}? Nothing is restarted.`);
      },
    });
    return code;
  });
}

/** The next CA is made before the world is opened, which takes the newest for the wanted one. */
export async function rotateCa(session: Session, options: ChangeOptions): Promise<number> {
  const [{ inWorld, specOf }, { makeNextCa }] = await Promise.all([import("./world.js"), import("../pki/next-ca.js")]);
  const spec = await specOf(session, { warn: true });
  demandTls(session, spec);
  if (options.yes !== true)
    await demandConsent(session, `Make a new CA for ${spec.name}, and change to it in two rolling restarts?`);
  const { passphrase } = secretsOf(session, options);
  const made = await makeNextCa(spec, { passphrase, warn: (line) => session.warn(`! ${line}`) });
  if (!session.json)
    session.say(
      made ? `A new CA for ${spec.name} is made.` : `${spec.name} is changing its CA already: this goes on.`,
      "",
    );
  return inWorld(session, { ...options, judge: true, spec }, (_, world) => carryOn(session, spec, world, options));
}

function carryOn(session: Session, spec: Spec, world: World, options: ChangeOptions): Promise<number> {
  const dropOldCa = options.dropOldCa ?? false;
  const words = [...(dropOldCa ? ["--drop-old-ca"] : []), ...(options.yes === true ? ["--yes"] : [])];
  const command = ["quorate certs rotate-ca", ...words].join(" ");
  return carryTrust(session, spec, world, { command, yes: options.yes === true, planning: { dropOldCa } });
}

/** What follows from a change of what is trusted: planned, asked for unless `yes`, done, and told where it is partial. */
export async function carryTrust(
  session: Session,
  spec: Spec,
  world: World,
  { command, yes, planning }: { command: string; yes: boolean; planning?: PlanOptions },
): Promise<number> {
  const { carryOut } = await import("./carry-out.js");
  const { code, plan } = await carryOut(session, spec, world, {
    ...{ goal: "running", command, ...(planning !== undefined && { planning }) },
    consent: async ({ cluster }) => {
      if (!yes) await demandConsent(session, `Do this to ${cluster}?`);
    },
  });
  const { problemLines } = await import("../render/error-text.js");
  if (!session.json && code === exit.degraded)
    session.warn(...plan.problems.flatMap((problem) => problemLines(problem, session.page)));
  return code;
}

export function demandTls(session: Session, spec: Spec): void {
  if (spec.tls === undefined)
    throw new QuorateError("E_USAGE", `${spec.name} has no TLS, so there are no certificates`, { where: session.file });
}

function demandMembers({ members }: Spec, named: readonly string[]): readonly string[] {
  const names = members.map(({ name }) => name);
  const unknown = named.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new QuorateError("E_USAGE", `${unknown}: the file has no such member`, {
      expected: names.join(", "),
      found: unknown,
    });
  return named.length > 0 ? named : names;
}
