/** Who may import whom: the table of ARCHITECTURE, enforced, and seen to be enforced. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

interface Summary {
  readonly totalCruised: number;
  readonly violations: readonly {
    readonly from: string;
    readonly to: string;
    readonly rule: { readonly name: string };
  }[];
}

function cruise(folder: string): Promise<Summary> {
  const parameters = [cruiser, "--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json", "src"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, parameters, { cwd: folder, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      try {
        resolve((JSON.parse(stdout) as { summary: Summary }).summary);
      } catch {
        reject(new Error(`dependency-cruiser said nothing that can be read: ${stderr}`, { cause: error }));
      }
    });
  });
}

/** A small project that breaks every rule, by file. */
const wrongdoers: Readonly<Record<string, string>> = {
  "src/plan/by-way-of-another.ts": 'export * from "../spec/reader.js";',
  "src/steps/knows-apply.ts": 'export * from "../apply/names-a-host.js";',
  "src/spec/reader.ts": 'export { readFile } from "node:fs/promises";',
  "src/observe/socket.ts": 'export { connect } from "node:net";',
  "src/apply/names-a-host.ts": 'export * from "../host/ssh-host.js";',
  "src/host/ssh-host.ts": "export const ssh = 1;",
  "src/cli/asks-etcd.ts": 'export * from "../etcd/client.js";',
  "src/etcd/client.ts": "export const client = 1;",
  "src/host/knows-etcd.ts": 'export * from "../etcd/client.js";',
  "src/adopt/names-a-host.ts": 'export * from "../host/ssh-host.js";',
  "src/etcd/knows-trust.ts": 'export * from "../pki/pem.js";',
  "src/pki/pem.ts": "export const pem = 1;",
  "src/pki/knows-hosts.ts": 'export * from "../host/ssh-host.js";',
  "src/release/knows-hosts.ts": 'export * from "../host/ssh-host.js";',
  "src/drill/knows-hosts.ts": 'export * from "../host/ssh-host.js";',
  "src/drill/oracle/asks.ts": 'export * from "../../etcd/socket.js";',
  "src/etcd/socket.ts": 'export { connect } from "node:net";',
  "src/render/reads-files.ts": 'export * from "./style.js";',
  "src/render/style.ts": 'export { readFileSync } from "node:fs";',
  "src/knows-its-fakes.ts": 'export * from "./testing/fake.js";',
  "src/testing/fake.ts": "export const fake = 1;",
  "src/one.ts": 'export * from "./two.js"; export const one = 1;',
  "src/two.ts": 'export * from "./one.js"; export const two = 2;',
  "src/needs-test-tools.ts": 'export { assert } from "fast-check";',
  "src/lost.ts": 'export * from "./nowhere.js";',
  "package.json": '{"type":"module","devDependencies":{"fast-check":"*"}}',
  "tsconfig.json": '{"compilerOptions":{"module":"NodeNext","target":"ES2023"}}',
};

const expected: readonly (readonly [string, string])[] = [
  ["no-cycles-across-rooms", "src/steps/knows-apply.ts"],
  ["planning-is-pure", "src/plan/by-way-of-another.ts"],
  ["planning-is-pure", "src/observe/socket.ts"],
  ["adapters-in-one-place", "src/apply/names-a-host.ts"],
  ["cli-asks-the-library", "src/cli/asks-etcd.ts"],
  ["reading-is-not-reaching", "src/adopt/names-a-host.ts"],
  ["host-stands-alone", "src/host/knows-etcd.ts"],
  ["etcd-stands-alone", "src/etcd/knows-trust.ts"],
  ["pki-stands-alone", "src/pki/knows-hosts.ts"],
  ["release-stands-alone", "src/release/knows-hosts.ts"],
  ["drill-stands-apart", "src/drill/knows-hosts.ts"],
  ["judging-is-pure", "src/drill/oracle/asks.ts"],
  ["rendering-is-pure", "src/render/reads-files.ts"],
  ["fakes-stay-in-tests", "src/knows-its-fakes.ts"],
  ["no-circles", "src/one.ts"],
  ["no-strangers", "src/needs-test-tools.ts"],
  ["nothing-missing", "src/lost.ts"],
];

let folder: string | undefined;
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

describe("imports", () => {
  it("keep to the table", { timeout: 120_000 }, async () => {
    const { totalCruised, violations } = await cruise(root);
    console.log(`${totalCruised} modules cruised`);
    expect(totalCruised).toBeGreaterThan(200);
    expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });

  it("would be caught if they did not", { timeout: 120_000 }, async () => {
    folder = mkdtempSync(join(tmpdir(), "quorate-imports-"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const [path, text] of Object.entries(wrongdoers)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { violations } = await cruise(folder);
    const found = violations.map(({ from, rule }) => `${rule.name}: ${from}`);
    expect(expected.map(([rule, from]) => `${rule}: ${from}`).filter((one) => !found.includes(one))).toEqual([]);
  });

  it("have no rule that was never seen to catch anything", () => {
    const config = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as {
      forbidden: readonly { name: string }[];
    };
    const tried = new Set(expected.map(([rule]) => rule));
    expect(config.forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});
