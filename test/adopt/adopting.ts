/** An operator's folder with the CA, a pair and the CA's key, and `adopt` up to what it makes of a foreign world. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { adoptionOf } from "../../src/adopt/adoption.js";
import type { Adoption } from "../../src/adopt/account.js";
import { inquire } from "../../src/adopt/inquire.js";
import { readOwnTrust, type TrustFiles } from "../../src/adopt/own-trust.js";
import { targetsOf } from "../../src/adopt/target.js";
import { opensslCa, opensslLeaf } from "../pki/openssl.js";
import { foreignWorld, type ForeignHost } from "./foreign-world.js";
import { addresses, type Certificates } from "./layouts.js";

export interface Desk {
  readonly folder: string;
  readonly certificates: Certificates;
  leaf(name: string, usages?: string, names?: string): { cert: string; key: string };
  adopt(hosts: readonly ForeignHost[], how?: How): Promise<Adoption & { asked: Set<string>; told: string[] }>;
  remove(): void;
}

export interface How {
  readonly trust?: Partial<TrustFiles> | "none";
  readonly named?: readonly string[];
  readonly known?: readonly ForeignHost[];
  readonly scheme?: "http" | "https";
  readonly unit?: string;
  readonly settingsOf?: string;
  readonly name?: string;
}

export const everyName = ["127.0.0.1", ...addresses].map((address) => `IP:${address}`).join(",");
/** When the certificates below were made, so that none is due. */
const now = Date.now();

export function desk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), "quorate-adopt-"));
  const ca = opensslCa(folder, "ca", ["-days", "3650"]);
  const leaf: Desk["leaf"] = (name, usages = "serverAuth,clientAuth", names = everyName) =>
    opensslLeaf(folder, "ca", name, { names, usages, days: "365" });
  const pair = leaf("etcd");
  const read = (path: string): string => readFileSync(path, "utf8");
  const certificates = { ca: read(ca.cert), cert: read(pair.cert), key: read(pair.key) };
  return {
    folder,
    certificates,
    leaf,
    async adopt(hosts, { trust = {}, named, known, scheme, unit, settingsOf, name = "etcd" } = {}) {
      const { world, asked } = foreignWorld(hosts, known, scheme);
      const reading = { file: "cluster.yaml", cwd: folder, env: {}, user: "root", group: "root" };
      const usual: TrustFiles = { cacert: "ca.pem", cert: "etcd.pem", key: "etcd-key.pem", caKey: undefined };
      const own =
        trust === "none" ? undefined : await readOwnTrust({ ...usual, ...trust }, folder, join(folder, "cluster.yaml"));
      const told: string[] = [];
      const inquiry = {
        ...{ name, unit, ssh: { user: "root" }, trust: own, reading },
        targets: targetsOf(named ?? hosts.map(({ address }) => address)),
        open: async () => world,
        tell: (line: string) => void told.push(line),
      };
      const members = await inquire(inquiry);
      return { ...adoptionOf(members, { ...inquiry, settingsOf }, reading, now), asked, told };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
