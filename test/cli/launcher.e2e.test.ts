/** The first lines of the built command: a shell reads them before node does. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { afterEach, beforeEach, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quorate launcher "));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** How node is called: in place of it stands a program that says so. */
function called(args: readonly string[]): { words: string[]; certFile: string; extra: string } {
  const node = join(folder, "node");
  writeFileSync(node, `#!/bin/sh\nprintf '%s\\n' "$SSL_CERT_FILE" "$NODE_EXTRA_CA_CERTS" "$@"\n`);
  chmodSync(node, 0o755);
  const env = { PATH: `${folder}:/usr/bin:/bin`, NODE_EXTRA_CA_CERTS: "/etc/our-ca.pem" };
  const [certFile = "", extra = "", ...words] = execFileSync(main, args, { env, encoding: "utf8" }).split("\n");
  return { words: words.slice(0, -1), certFile, extra };
}

it("health starts without the roots of the world", () => {
  expect(called(["health", "--json"])).toEqual({
    words: ["--use-openssl-ca", "--v8-pool-size=1", main, "health", "--json"],
    certFile: "/dev/null",
    extra: "",
  });
});

it("every other verb starts as node is set up", () => {
  expect(called(["up", "a b", "$HOME", "health"])).toEqual({
    words: [main, "up", "a b", "$HOME", "health"],
    certFile: "",
    extra: "/etc/our-ca.pem",
  });
});

it("works through a link, from a folder with a blank in its name", () => {
  const link = join(folder, "quorate");
  symlinkSync(main, link);
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const env = { PATH: `${join(process.execPath, "..")}:/usr/bin:/bin` };
  expect(execFileSync(link, ["--version"], { env, encoding: "utf8" })).toBe(`${version}\n`);
});

it("the bundled command finds the files of its package", () => {
  const env = { PATH: `${join(process.execPath, "..")}:/usr/bin:/bin` };
  expect(execFileSync(main, ["explain", "E_USAGE"], { cwd: folder, env, encoding: "utf8" })).toMatch(
    /^E_USAGE: .*\n\n\S/,
  );
});

it.each([
  ["as it was made", (made: Buffer) => made],
  [
    "of another version of V8",
    (made: Buffer) => Buffer.concat([made.subarray(0, 4), Buffer.alloc(4, 7), made.subarray(8)]),
  ],
  ["cut off", (made: Buffer) => made.subarray(0, 1000)],
  ["empty", () => Buffer.alloc(0)],
])("says the same with compiled code that is %s", (_what, change) => {
  const copy = join(folder, "cli");
  cpSync(join(main, ".."), copy, { recursive: true });
  const made = readdirSync(copy).filter((name) => name.endsWith(".v8"));
  expect(made.map((name) => name.split("-")[0])).toEqual(["health", "run", "x509"]);
  for (const name of made) writeFileSync(join(copy, name), change(readFileSync(join(copy, name))));
  const env = { PATH: `${join(process.execPath, "..")}:/usr/bin:/bin` };
  // What the bundle takes from packages, and from its own, is found from its folder upwards.
  for (const name of ["node_modules", "package.json", "schema"])
    symlinkSync(join(main, "..", "..", "..", name), join(folder, name));
  for (const verb of ["health", "plan"]) {
    const { status, stderr } = spawnSync(join(copy, "main.js"), [verb], { cwd: folder, env, encoding: "utf8" });
    expect(stderr).toContain("E_NO_FILE");
    expect(status).toBe(1);
  }
});

it.each(["health", "run", "x509"])("this node takes the compiled code: %s", (chunk) => {
  const part = (name: string): Buffer => readFileSync(join(main, "..", name));
  const [made = ""] = readdirSync(join(main, "..")).filter(
    (name) => name.startsWith(`${chunk}-`) && name.endsWith(".v8"),
  );
  const script = new Script(part(`${chunk}-code.js`).toString(), { cachedData: part(made) });
  expect(script.cachedDataRejected).toBe(false);
});
