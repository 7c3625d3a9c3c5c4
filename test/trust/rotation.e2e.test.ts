/** One CA after another, under clients that shake hands all the time and clients that write all the time. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startWorkload } from "../../src/drill/workload/workload.js";
import { issueClient } from "../../src/pki/issue-client.js";
import { makeNextCa } from "../../src/pki/next-ca.js";
import { verdictLine } from "../../src/render/verdict-line.js";
import type { Spec } from "../../src/spec/spec.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { once, ownFiles, shakeHands, type Files } from "./handshakes.js";
import { TrustSite } from "./site.js";

const textsOf = (files: Files): { ca: string; cert: string; key: string } => ({
  ca: readFileSync(files.ca, "utf8"),
  cert: readFileSync(files.cert, "utf8"),
  key: readFileSync(files.key, "utf8"),
});

/** Of the client `app`, in a folder of its own. */
const issued = async (spec: Spec, folder: string): Promise<Files> =>
  (await issueClient(spec, "app", { out: join(dirname(spec.file), folder) })).files;

/** What a client with copies of its files, which nobody renews for it, gets of each member. */
const asks = async (spec: Spec, files: Files): Promise<(string | undefined)[]> =>
  Promise.all(spec.members.map(({ client }) => once(client.url, files)));

describe.each(testedVersions)("three members of etcd %s change to another CA", (version) => {
  let site: TrustSite;
  afterEach(() => site?.remove());

  it("without a failed handshake or request, and wait for the clients that are known", async () => {
    site = await TrustSite.of(version);
    await site.up();
    const spec = await site.spec();
    const client = await issued(spec, "before");
    const old = ownFiles(spec);
    const [oldCa, configs] = [readFileSync(old.ca, "utf8"), (await site.plan()).before];
    expect(await makeNextCa(spec)).toBe(true);
    expect(await makeNextCa(spec)).toBe(false);

    const end = shakeHands(spec, () => ownFiles(spec), 2);
    const load = await startWorkload({
      endpoints: () => spec.members.map(({ client: { url } }) => url),
      tls: async () => textsOf(ownFiles(spec)),
    });
    const first = await load.during("change", () => site.up());
    expect(first.problems.map(({ code }) => code)).toEqual(["E_CA_WAITS"]);
    expect(await asks(spec, client)).toEqual([undefined, undefined, undefined]);

    const renewed = await issued(spec, "after");
    const second = await load.during("change", () => site.up());
    expect(second.problems).toEqual([]);
    const verdict = await load.stop();
    const { done, failures } = await end();
    console.log(`${version}: ${done} handshakes, ${failures.length} failed; ${verdictLine(verdict)}`);
    expect(failures).toEqual([]);
    expect(verdict).toMatchObject({ failed: 0, lost: 0 });

    expect((await site.plan()).stages).toEqual([]);
    expect(await asks(spec, renewed)).toEqual([undefined, undefined, undefined]);
    const newCa = readFileSync(ownFiles(spec).ca, "utf8");
    expect(newCa).not.toContain(oldCa.trim());
    const after = (await site.plan()).before;
    for (const [name, { roots, issuer, config }] of Object.entries(after.members)) {
      expect({ roots, issuer }).toEqual({ roots: after.trusted, issuer: "wanted" });
      expect(config).toBe(`${configs.members[name]?.config}.${after.trusted}`);
    }
    // The old CA's certificates open nothing any more, whatever their holder trusts.
    const answers = await asks(spec, { ...client, ca: ownFiles(spec).ca });
    expect(answers.every((answer) => answer !== undefined)).toBe(true);
  });
});
