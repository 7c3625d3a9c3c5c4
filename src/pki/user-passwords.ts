/**
 * Passwords of etcd's users: read where the file says that they are. Of what was applied last only a salted digest is
 * kept, so that a change of the source is seen, and nobody can read a password from the records.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../durable-file.js";
import { QuorateError } from "../errors.js";
import type { PasswordSource } from "../spec/auth-spec.js";
import type { Spec } from "../spec/spec.js";
import type { Passwords } from "../world.js";
import { Secret } from "./secret.js";

/** "none": applied as a user without a password. */
type Applied = "none" | { readonly salt: string; readonly digest: string };

export interface PasswordOptions {
  /** Asked at most once for each user. */
  readonly ask?: ((user: string) => Promise<Secret>) | undefined;
  /** Users whose password is asked for again: a person's memory has no other way to say that it holds another one. */
  readonly anew?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function openPasswords(
  { auth, stateDir }: Spec,
  { ask, anew = [], env = process.env }: PasswordOptions,
): Passwords {
  const path = join(stateDir, "users.json");
  const asked = new Map<string, Promise<Secret>>();
  const due = new Set(anew);
  let records: Promise<Record<string, Applied>> | undefined;
  const applied = (): Promise<Record<string, Applied>> => (records ??= readRecords(path));

  async function obtain(user: string, source: PasswordSource): Promise<Secret> {
    if (source.kind === "env") return fit(user, `$${source.name}`, env[source.name]);
    if (source.kind === "file") return fit(user, source.path, await firstLine(user, source.path));
    if (ask === undefined) throw unusable(user, "it is to be asked for, and there is nobody to ask");
    const answer = asked.get(user) ?? ask(user);
    asked.set(user, answer);
    return answer;
  }

  const write = async (change: (all: Record<string, Applied>) => Record<string, Applied>): Promise<void> => {
    const next = change(await applied());
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    await replaceFile(path, `${JSON.stringify(next)}\n`);
    records = Promise.resolve(next);
  };

  return {
    async of(user) {
      const source = auth?.users[user]?.password;
      return source === undefined ? undefined : obtain(user, source);
    },
    async isCurrent(user) {
      const source = auth?.users[user]?.password;
      const record = (await applied())[user];
      if (source === undefined) return record === undefined || record === "none";
      if (record === undefined || record === "none") return false;
      if (source.kind === "prompt") return !due.has(user);
      const text = await obtain(user, source).catch(() => undefined);
      // What cannot be read is told when it is needed; a user who is there needs no password to be left alone.
      return text === undefined || isSame(await digestOf(text.reveal(), record.salt), record.digest);
    },
    async problem(user) {
      const source = auth?.users[user]?.password;
      if (source === undefined || source.kind === "prompt") return undefined;
      return obtain(user, source).then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
    },
    async kindApplied(user) {
      const record = (await applied())[user];
      return record === undefined ? "unknown" : record === "none" ? "none" : "password";
    },
    async record(user, password) {
      const salt = randomBytes(16).toString("hex");
      const record: Applied =
        password === undefined ? "none" : { salt, digest: await digestOf(password.reveal(), salt) };
      await write((all) => ({ ...all, [user]: record }));
      due.delete(user);
    },
    forget: (user) => write(({ [user]: _gone, ...rest }) => rest),
  };
}

const unusable = (user: string, why: string, where?: string): QuorateError =>
  new QuorateError(
    "E_AUTH_PASSWORD",
    `the password of the user ${user} cannot be used: ${where === undefined ? "" : `${where}: `}${why}`,
  );

function fit(user: string, where: string, text: string | undefined): Secret {
  if (text === undefined) throw unusable(user, "it is not set", where);
  if (text === "") throw unusable(user, "it is empty", where);
  return new Secret(text);
}

async function firstLine(user: string, path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).split("\n")[0]?.replace(/\r$/, "") ?? "";
  } catch (cause) {
    throw unusable(user, `the file cannot be read (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`, path);
  }
}

async function readRecords(path: string): Promise<Record<string, Applied>> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Record<string, Applied>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/** Slow on purpose: some tens of milliseconds for each guess. */
const digestOf = (password: string, salt: string): Promise<string> =>
  new Promise((resolve, reject) => {
    scrypt(password, Buffer.from(salt, "hex"), 32, { N: 16_384, r: 8, p: 1 }, (error, key) =>
      error === null ? resolve(key.toString("hex")) : reject(error),
    );
  });

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
