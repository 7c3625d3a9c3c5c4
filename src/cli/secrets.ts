/**
 * Passwords and passphrases: from a file or file descriptor that a flag or the environment names, or typed without echo.
 * Never from a command line, where every user of the machine could read them.
 */
import { fstatSync, openSync, readFileSync, closeSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { QuorateError } from "../errors.js";
import { Secret } from "../pki/secret.js";
import { ask, withQuestions } from "./ask.js";
import type { Session } from "./session.js";

export interface SecretOptions {
  readonly sudoPasswordFile?: string;
  readonly passphraseFile?: string;
  readonly encryptCaKey?: boolean;
}

/** @param ca whether the verb may use the CA's key, or even make it */
export function declareSecrets(command: Command, { ca }: { ca?: "use" | "make" } = {}): void {
  command.option(
    "--sudo-password-file <path>",
    "file with the password for sudo on the hosts (QUORATE_SUDO_PASSWORD_FILE); else it is asked for",
  );
  if (ca === undefined) return;
  command.option(
    "--passphrase-file <path>",
    "file with the passphrase of the CA's key (QUORATE_PASSPHRASE_FILE); else it is asked for",
  );
  if (ca === "make") command.option("--encrypt-ca-key", "protect a CA key that is made now with a passphrase");
}

export interface Secrets {
  sudoPassword(member: string): Promise<Secret>;
  passphrase(purpose: "protect" | "unlock"): Promise<Secret | undefined>;
  /** Of a user of etcd; only ever typed. */
  userPassword(user: string): Promise<Secret>;
}

/** Each secret is read or asked for at most once in a run. */
export function secretsOf(session: Session, options: SecretOptions): Secrets {
  const { env } = session.terminal;
  const sudoFile = options.sudoPasswordFile ?? env["QUORATE_SUDO_PASSWORD_FILE"];
  const passphraseFile = options.passphraseFile ?? env["QUORATE_PASSPHRASE_FILE"];
  let sudo: Promise<Secret> | undefined;
  let passphrase: Promise<Secret | undefined> | undefined;
  return {
    sudoPassword(member) {
      sudo ??= obtain(
        session,
        sudoFile,
        `Password for sudo on ${member} and the other hosts: `,
        "--sudo-password-file",
      );
      return sudo;
    },
    userPassword(user) {
      if (!session.terminal.interactive) throw noTerminalFor(user);
      return chooseNew(session, `password of the user ${user}`);
    },
    passphrase(purpose) {
      if (purpose === "protect" && passphraseFile === undefined && options.encryptCaKey !== true)
        return Promise.resolve(undefined);
      passphrase ??=
        purpose === "protect" && passphraseFile === undefined
          ? chooseNew(session, "passphrase for the CA's key")
          : obtain(session, passphraseFile, "Passphrase of the CA's key: ", "--passphrase-file");
      return passphrase;
    },
  };
}

async function obtain(session: Session, file: string | undefined, question: string, flag: string): Promise<Secret> {
  if (file !== undefined && file !== "") return readSecret(session, file);
  if (!session.terminal.interactive) throw noTerminal(question.replace(/: $/, ""), flag);
  return new Secret(await ask(session, question, { hidden: true }));
}

async function chooseNew(session: Session, what: string): Promise<Secret> {
  if (!session.terminal.interactive) throw noTerminal(`A new ${what}`, "--passphrase-file");
  const [first, second] = await withQuestions(
    session,
    async (ask) => [await ask(`New ${what}: `), await ask("The same once more: ")] as const,
    { hidden: true },
  );
  if (first === second && first !== "") return new Secret(first);
  throw new QuorateError("E_USAGE", first === second ? `the ${what} is empty` : "the two differ", {
    where: what,
    next: "run the same command again",
  });
}

const noTerminal = (what: string, flag: string): QuorateError =>
  new QuorateError("E_NO_TERMINAL", `${what} is needed, and there is no terminal to ask at`, {
    next: `give it with ${flag} FILE`,
  });

const noTerminalFor = (user: string): QuorateError =>
  new QuorateError("E_NO_TERMINAL", `the password of the user ${user} is to be asked for, and there is no terminal`, {
    next: "name a file or an environment variable in the cluster file",
  });

/** The file's first line. A pipe such as /dev/fd/3 will do; a file that others can read is told. */
function readSecret(session: Session, path: string): Secret {
  try {
    const descriptor = openSync(resolve(session.terminal.cwd, path), "r");
    try {
      const stat = fstatSync(descriptor);
      if (stat.isFile() && (stat.mode & 0o077) !== 0)
        session.warn(`${path} holds a secret, and others on this machine can read it: chmod 600 ${path}`);
      return new Secret(readFileSync(descriptor, "utf8").split("\n")[0]?.replace(/\r$/, "") ?? "");
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new QuorateError("E_USAGE", `the secret in ${path} cannot be read: ${reason}`, {
      where: path,
      next: "name a file that you can read",
      cause,
    });
  }
}
