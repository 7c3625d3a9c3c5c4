/** Where passwords of etcd's users come from, and how a change of the source is seen. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Secret } from "../../src/pki/secret.js";
import { openPasswords, type PasswordOptions } from "../../src/pki/user-passwords.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import type { Passwords } from "../../src/world.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quorate-passwords-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options: PasswordOptions): Passwords => {
  const users = {
    filed: { roles: [], password: { kind: "file", path: join(folder, "secret") } },
    named: { roles: [], password: { kind: "env", name: "NAMED" } },
    asked: { roles: [], password: { kind: "prompt" } },
    bare: { roles: [], password: undefined },
  } as const;
  const auth = { enabled: true, exclusive: false, roles: {}, users };
  return openPasswords({ ...sampleSpec(), stateDir: join(folder, "state"), auth }, options);
};
const apply = async (passwords: Passwords, user: string): Promise<void> =>
  passwords.record(user, await passwords.of(user));

test("a change of a file or a variable is seen, and one of what is in a person's head is told", async () => {
  writeFileSync(join(folder, "secret"), "one\nsecond line\n");
  const env = { NAMED: "two" };
  const ask = async (): Promise<Secret> => new Secret("three");
  const first = open({ env, ask });
  for (const user of ["filed", "named", "asked", "bare"]) await apply(first, user);
  const current = async (passwords: Passwords): Promise<boolean[]> =>
    Promise.all(["filed", "named", "asked", "bare"].map((user) => passwords.isCurrent(user)));
  expect(await current(open({ env, ask }))).toEqual([true, true, true, true]);
  writeFileSync(join(folder, "secret"), "other\n");
  expect(await current(open({ env: { NAMED: "another" }, ask }))).toEqual([false, false, true, true]);
  const anew = open({ env: { NAMED: "another" }, ask, anew: ["asked"] });
  expect(await current(anew)).toEqual([false, false, false, true]);
  for (const user of ["filed", "named", "asked"]) await apply(anew, user);
  expect(await current(anew), "asked for once").toEqual([true, true, true, true]);
});

test("what is kept cannot be read back, by its text or by its mode", async () => {
  await apply(open({ env: { NAMED: "canary-2f" } }), "named");
  const path = join(folder, "state", "users.json");
  expect(readFileSync(path, "utf8")).not.toContain("canary-2f");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a source that gives nothing is told with its place, and nobody is asked meanwhile", async () => {
  const passwords = open({ env: {}, ask: () => Promise.reject(new Error("nobody is to be asked")) });
  expect(await passwords.problem("named")).toContain("$NAMED: it is not set");
  expect(await passwords.problem("filed")).toContain("ENOENT");
  expect(await passwords.problem("asked")).toBeUndefined();
  await expect(open({ env: {} }).of("asked")).rejects.toMatchObject({ code: "E_AUTH_PASSWORD" });
});
