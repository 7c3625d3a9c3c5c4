/** Certificates renewed under clients that never stop to shake hands. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openAuthority } from "../../src/pki/open-authority.js";
import type { Spec } from "../../src/spec/spec.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { ownFiles, shakeHands } from "./handshakes.js";
import { TrustSite } from "./site.js";

const day = 86_400_000;

const serverOf = (spec: Spec, index: number): X509Certificate =>
  new X509Certificate(
    readFileSync(join(spec.members[index]?.paths.certificates ?? "", spec.name, "live", "server.pem"), "utf8"),
  );

const publicKeyOf = (certificate: X509Certificate): string =>
  certificate.publicKey.export({ type: "spki", format: "pem" }).toString();

describe.each(testedVersions)("three members of etcd %s", (version) => {
  let site: TrustSite;
  afterEach(() => site?.remove());

  it.each(["operator", "host"])("renew their certificates in place, with keys on the %s", async (keys) => {
    site = await TrustSite.of(version, `{ validity: { leaf: 365d }, keys: ${keys} }`);
    // As it was 250 days ago: of 365 days, less than a third is left now.
    const then = { now: () => Date.now() - 250 * day };
    const spec = await site.spec();
    const authority = openAuthority(spec, { clock: then });
    // The CA is as old, whoever needs it first.
    await authority.client();
    await site.up({}, {}, (world) => ({
      ...world,
      authority,
      clock: { ...world.clock, ...then },
    }));
    const [pids, before] = [await site.pids(), serverOf(spec, 0)];
    const leaders = await leadersOf(site);
    const plan = await site.plan();
    expect(plan.stages.flatMap(({ steps }) => steps.map(({ kind }) => kind))).toEqual(Array(3).fill("renew-trust"));
    const end = shakeHands(spec, () => ownFiles(spec));
    await site.up();
    for (let round = 0; round < 5; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_000)); // certificates tell their age in whole seconds
      const again = { members: spec.members.map(({ name }) => name), before: Date.now() };
      expect((await site.up({ goal: "renewed" }, { renew: again })).stages).not.toEqual([]);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { done, failures } = await end();
    console.log(`${version}, keys on the ${keys}: ${done} handshakes, ${failures.length} failed`);
    expect(failures).toEqual([]);
    expect(done).toBeGreaterThan(100);
    const after = serverOf(spec, 0);
    expect(after.serialNumber).not.toBe(before.serialNumber);
    expect(publicKeyOf(after)).toBe(publicKeyOf(before));
    expect(await site.pids()).toEqual(pids);
    expect(await leadersOf(site)).toEqual(leaders);
    expect((await site.plan()).stages).toEqual([]);
  });
});

/** Who leads, and in which term. */
const leadersOf = (site: TrustSite): Promise<unknown[]> =>
  site.in(async (spec, world) =>
    Promise.all(
      spec.members.map(async ({ client }) => {
        const { leaderId, raftTerm } = await world.cluster.member(client.url).status(5_000);
        return { leaderId, raftTerm };
      }),
    ),
  );
