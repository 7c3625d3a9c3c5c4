/** What the real etcd makes of a revocation list: everything that quorate does about lists follows from this. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { issueClient } from "../../src/pki/issue-client.js";
import { caOf } from "../../src/pki/open-authority.js";
import { revocationList, serialOf } from "../../src/pki/revocation.js";
import { presentVersions } from "../support/etcd-binaries.js";
import { httpStatus } from "../support/http-status.js";
import { testFolder } from "./test-folder.js";
import { loopbackSpec, trustedEtcd } from "./trusted-etcd.js";

const day = 86_400_000;
/** One per line of etcd. */
const versions = presentVersions.filter((version) => version !== "3.5.16");

test.each(versions)(
  "etcd %s compares serials alone: who signed a list and when it ends is nothing to it, and without a list nobody comes in",
  async (version) => {
    const folder = testFolder();
    const spec = await loopbackSpec(folder, {}, 1);
    const ca = caOf(spec, spec.tls!, {});
    const lost = await issueClient(spec, "lost");
    const file = join(folder, "revoked.crl");
    const put = (bytes: Uint8Array | string): void => {
      writeFileSync(`${file}.next`, bytes);
      renameSync(`${file}.next`, file);
    };
    const entries = [{ serial: serialOf(lost.cert), at: Date.now() }];
    const now = Date.now();
    const empty = await revocationList(ca, [], { now, days: 30, number: 1 });
    const full = await revocationList(ca, entries, { now, days: 30, number: 2 });
    put(empty);
    const etcd = await trustedEtcd(version, spec, folder, [`--client-crl-file=${file}`, `--peer-crl-file=${file}`]);
    const url = `${etcd.members[0]!.clientUrl}/health`;
    const identity = { ca: etcd.client.ca, cert: lost.cert, key: readFileSync(lost.files.key, "utf8") };
    /** What the revoked client gets, and what everybody else does. */
    const answers = async (): Promise<readonly number[]> => [
      await httpStatus(url, identity),
      await httpStatus(url, etcd.client),
    ];
    const [all, others, nobody] = [
      [200, 200],
      [0, 200],
      [0, 0],
    ];
    expect(await answers()).toEqual(all);
    put(full);
    expect(await answers()).toEqual(others);
    put(await revocationList(ca, entries, { now: now - 60 * day, days: 30, number: 3 }));
    expect(await answers(), "a list that has ended").toEqual(others);
    const strange = await loopbackSpec(testFolder(), {}, 1);
    put(await revocationList(caOf(strange, strange.tls!, {}), entries, { now, days: 30, number: 1 }));
    expect(await answers(), "a list of another CA").toEqual(others);
    put(Buffer.concat([empty, full]));
    expect(await answers(), "two lists in one file").toEqual(version.startsWith("3.6.") ? all : nobody);
    const pem = `-----BEGIN X509 CRL-----\n${Buffer.from(full).toString("base64")}\n-----END X509 CRL-----\n`;
    put(pem);
    expect(await answers(), "PEM").toEqual(version.startsWith("3.6.") ? nobody : others);
    put("");
    expect(await answers(), "an empty file").toEqual(nobody);
    rmSync(file);
    expect(await answers(), "no file").toEqual(nobody);
    put(full);
    expect(await answers()).toEqual(others);
  },
);
