import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where `npm test` puts what it fetches and builds. */
export const projectCache = fileURLToPath(new URL("../../.cache/etcd", import.meta.url));

/** Versions of the real etcd that the tests are written for; `npm test` fetches them into the project's cache first. */
export const testedVersions = ["3.4.23", "3.5.30"] as const;

/** The folder that holds etcd and etcdctl of this version. @throws Error that says how to get them. */
export function etcdFolder(version: string): string {
  const folder = folderOf(version);
  if (folder !== undefined) return folder;
  throw new Error(`no etcd ${version} for tests under ${testRoots().join(", ")}; \`npm test\` fetches it`);
}

/** Folders of VERSION folders, the given one first. */
export function testRoots(): string[] {
  const given = process.env["QUORATE_TEST_ETCD"];
  return [...(given === undefined ? [] : [given]), projectCache];
}

function folderOf(version: string): string | undefined {
  return testRoots()
    .flatMap((root) => [join(root, version), join(root, version, "usr", "bin")])
    .find((folder) => existsSync(join(folder, "etcd")));
}

/** Further versions that a test tries where this machine has them. */
export const presentVersions: readonly string[] = [
  ...testedVersions,
  ...["3.5.16", "3.6.16"].filter((version) => folderOf(version) !== undefined),
];
