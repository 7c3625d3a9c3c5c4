import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const projectCache = fileURLToPath(new URL("../../.cache/etcd", import.meta.url));

/** Versions of the real etcd that the tests are written for; `npm test` fetches them into the project's cache first. */
export const testedVersions = ["3.4.23", "3.5.30"] as const;

/** The folder that holds etcd and etcdctl of this version. @throws Error that says how to get them. */
export function etcdFolder(version: string): string {
  const given = process.env["QUORATE_TEST_ETCD"];
  const roots = [...(given === undefined ? [] : [given]), projectCache];
  for (const root of roots) {
    for (const folder of [join(root, version), join(root, version, "usr", "bin")]) {
      if (existsSync(join(folder, "etcd"))) return folder;
    }
  }
  throw new Error(`no etcd ${version} for tests under ${roots.join(", ")}; \`npm test\` fetches it`);
}
