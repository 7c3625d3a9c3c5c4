/** From the cluster file to the world that it speaks of. Loaded by verbs that need one. */
import { QuorateErrors } from "../errors.js";
import { warningLines } from "../render/error-text.js";
import type { AuthorityOptions } from "../pki/ca.js";
import type { Spec } from "../spec/spec.js";
import type { World } from "../world.js";
import { secretsOf, type SecretOptions } from "./secrets.js";
import type { Session } from "./session.js";

/** @param warn tell what is allowed but not wise, as the verbs do that act on it. @throws QuorateError E_NO_FILE, or QuorateErrors with every problem of the file */
export async function specOf(session: Session, { warn = false } = {}): Promise<Spec> {
  const { readSpecFile } = await import("../spec/load.js");
  const { cwd, env } = session.terminal;
  const { spec, warnings } = await readSpecFile(session.file, { cwd, env });
  if (warn && !session.json) session.warn(...warningLines(warnings, session.page));
  return spec;
}

/**
 * Open the world of the session's cluster file, work in it, and close it however the work ends.
 * @param options spec: another one than the file's. renew: certificates that are due because they were asked for. judge: tell what is allowed but not wise, and demand that certificates from outside are fit
 */
export async function inWorld<T>(
  session: Session,
  options: SecretOptions & {
    readonly judge?: boolean;
    readonly renew?: AuthorityOptions["renew"];
    readonly newPassword?: readonly string[];
    readonly spec?: Spec;
  },
  work: (spec: Spec, world: World) => Promise<T>,
): Promise<T> {
  const [spec, { openWorld }] = await Promise.all([
    options.spec ?? specOf(session, { warn: options.judge ?? false }),
    import("../open.js"),
  ]);
  const secrets = secretsOf(session, options);
  if (options.judge === true) await demandFitTrust(spec, secrets);
  const world = await openWorld(spec, {
    sudoPassword: secrets.sudoPassword,
    passphrase: secrets.passphrase,
    userPassword: secrets.userPassword,
    ...(options.renew !== undefined && { renew: options.renew }),
    ...(options.newPassword !== undefined && { newPasswords: options.newPassword }),
    warn: (line) => session.warn(`! ${line}`),
  });
  try {
    return await work(spec, world);
  } finally {
    await world.close();
  }
}

/** Certificates from outside are judged before anything else is done with them. @throws QuorateErrors */
async function demandFitTrust(
  spec: Spec,
  { passphrase }: Pick<ReturnType<typeof secretsOf>, "passphrase">,
): Promise<void> {
  const { tls } = spec;
  if (tls === undefined || (tls.ca.kind === "own" && tls.given === undefined && tls.givenClient === undefined)) return;
  const { checkGiven } = await import("../pki/given.js");
  const problems = await checkGiven(spec, { passphrase });
  if (problems.length > 0) throw new QuorateErrors(problems);
}
