/** Members that share one certificate, as the tutorial's do, come to one each while clients write. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { verdictLine } from "../../src/render/verdict-line.js";
import type { Spec } from "../../src/spec/spec.js";
import { opensslCa, opensslLeaf } from "../pki/openssl.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { once, type Files } from "./handshakes.js";
import { writeTo } from "./load.js";
import { TrustSite } from "./site.js";

const serialsOf = ({ members, name }: Spec): string[] =>
  members.flatMap(({ paths }) =>
    ["server", "peer"].map(
      (use) =>
        new X509Certificate(readFileSync(join(paths.certificates, name, "live", `${use}.pem`), "utf8")).serialNumber,
    ),
  );

describe.each(testedVersions)("three members of etcd %s with one certificate for all", (version) => {
  let site: TrustSite;
  afterEach(() => site?.remove());

  it("come to one each, and then only members open the peer ports", async () => {
    site = await TrustSite.of(version);
    const ca = opensslCa(site.folder, "ca");
    const shared = opensslLeaf(site.folder, "ca", "etcd", { names: "IP:127.0.0.1" });
    const client = opensslLeaf(site.folder, "ca", "app");
    const given = `ca: { cert: ${ca.cert}, key: ${ca.key} }`;
    site.write(`{ ${given}, certificates: { cert: ${shared.cert}, key: ${shared.key} } }`);
    await site.up();
    const spec = await site.spec();
    expect(new Set(serialsOf(spec)).size).toBe(1);
    const files: Files = { ca: ca.cert, cert: client.cert, key: client.key };
    const peerOf = (one: Spec): string => one.members[1]?.peer.url ?? "";
    expect(await once(peerOf(spec), files), "any client opens a peer port").toBeUndefined();

    const load = await writeTo(spec, () => files);
    await load.control(2_000);
    site.write(`{ ${given} }`);
    const plan = await load.during("change", () => site.up());
    const kinds = plan.stages.flatMap(({ steps }) => steps.map(({ kind }) => kind));
    expect(kinds.filter((kind) => kind === "install-trust")).toHaveLength(3);
    expect(kinds.filter((kind) => kind === "restart-member")).toHaveLength(3);
    const verdict = await load.stop();
    console.log(`shared to own certificates on ${version}: ${verdictLine(verdict)}`);
    expect(verdict).toMatchObject({ failed: 0, lost: 0 });
    expect(new Set(serialsOf(spec)).size).toBe(6);
    expect((await site.plan()).stages).toEqual([]);
    expect(await once(spec.members[1]?.client.url ?? "", files)).toBeUndefined();
    expect(await once(peerOf(spec), files), "only members do now").toBeDefined();
  });
});
