/** Certificates taken back from clients of a cluster that is written to. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { issueClient } from "../../src/pki/issue-client.js";
import { makeNextCa } from "../../src/pki/next-ca.js";
import { revoke } from "../../src/pki/revoke.js";
import { serialOf } from "../../src/pki/revocation.js";
import { readRevocations } from "../../src/pki/revocation-record.js";
import { verdictLine } from "../../src/render/verdict-line.js";
import type { Spec } from "../../src/spec/spec.js";
import { presentVersions } from "../support/etcd-binaries.js";
import { httpStatus } from "../support/http-status.js";
import { ownFiles, type Files } from "./handshakes.js";
import { textsOf, writeTo } from "./load.js";
import { TrustSite } from "./site.js";

const day = 86_400_000;

const issued = async (spec: Spec, name: string, folder = name): Promise<Files> =>
  (await issueClient(spec, name, { out: join(dirname(spec.file), folder) })).files;

/** What a client gets of each member. One that is refused may find the connection reset, which is an answer too. */
const asks = async (spec: Spec, files: Files): Promise<string[]> =>
  Promise.all(
    spec.members.map(async ({ client }) =>
      (await httpStatus(`${client.url}/health`, textsOf(files))) === 200 ? "yes" : "refused",
    ),
  );
const [yes, refused] = [Array(3).fill("yes"), Array(3).fill("refused")];

/** One per line of etcd. */
const versions = presentVersions.filter((version) => version !== "3.5.16");

describe.each(versions)("three members of etcd %s", (version) => {
  let site: TrustSite;
  afterEach(() => site?.remove());

  it("refuse what was revoked, the second time without a restart, and also when the CA has changed since", async () => {
    site = await TrustSite.of(version);
    await site.up();
    const spec = await site.spec();
    const [first, second, third] = [
      await issued(spec, "first"),
      await issued(spec, "second"),
      await issued(spec, "third"),
    ];
    const load = await writeTo(spec);
    expect(await asks(spec, first)).toEqual(yes);

    await revoke(spec, "first", "key-compromise", []);
    const turnedOn = await load.during("change", () => site.up());
    expect(turnedOn.stages.flatMap(({ steps }) => steps).filter(({ kind }) => kind === "restart-member")).toHaveLength(
      3,
    );
    expect(await asks(spec, first)).toEqual(refused);
    expect([await asks(spec, second), await asks(spec, ownFiles(spec))]).toEqual([yes, yes]);
    expect((await site.plan()).stages).toEqual([]);

    const pids = await site.pids();
    await revoke(spec, serialOf(readFileSync(second.cert, "utf8")), "unspecified", []);
    const once2 = await load.during("change", () => site.up());
    expect(once2.stages.flatMap(({ steps }) => steps.map(({ kind }) => kind))).toEqual(Array(3).fill("put-list"));
    expect([await asks(spec, first), await asks(spec, second)]).toEqual([refused, refused]);
    expect(await asks(spec, third)).toEqual(yes);
    expect(await site.pids()).toEqual(pids);

    // A member's own: it gets other keys first, and nobody is cut off.
    const server = join(spec.members[1]?.paths.certificates ?? "", spec.name, "live", "server.pem");
    const lost = serialOf(readFileSync(server, "utf8"));
    await revoke(spec, "m1", "key-compromise", [
      { name: "m1", serial: lost, ends: new Date(Date.now() + day).toISOString() },
    ]);
    const rekeyed = await load.during("change", () => site.up());
    expect(rekeyed.stages.flatMap(({ steps }) => steps.map(({ kind }) => kind))).toEqual([
      "install-trust",
      ...Array(3).fill("put-list"),
    ]);
    expect(serialOf(readFileSync(server, "utf8"))).not.toBe(lost);

    // Lists follow the CA: signed by the new one, while the old one's clients stay refused.
    await makeNextCa(spec);
    const after = await issued(spec, "third", "third-2");
    await load.during("change", () => site.up({ dropOldCa: true }));
    expect((await site.plan()).stages).toEqual([]);
    expect(await site.plan()).toMatchObject({ problems: [] });
    for (const files of [first, second]) expect(await asks(spec, { ...files, ca: ownFiles(spec).ca })).toEqual(refused);
    const { list } = readRevocations(join(spec.stateDir, "pki"));
    expect(list?.signer).toBe((await site.plan()).before.trusted);
    const late = await issued(spec, "fourth");
    expect(await asks(spec, late)).toEqual(yes);
    expect(await asks(spec, { ...after, ca: ownFiles(spec).ca }), "of the old CA").toEqual(refused);
    const before = await site.pids();
    await revoke(spec, "fourth", "superseded", []);
    await site.up();
    expect(await asks(spec, late)).toEqual(refused);
    expect(await site.pids()).toEqual(before);

    const verdict = await load.stop();
    console.log(`revocation on ${version}: ${verdictLine(verdict)}`);
    expect(verdict).toMatchObject({ failed: 0, lost: 0 });
  }, 600_000);
});

describe("a list", () => {
  let site: TrustSite;
  afterEach(() => site?.remove());

  it("is there from the start when the file says so, and is made anew before it ends, with no restart", async () => {
    site = await TrustSite.of("3.5.30", "{ validity: { leaf: 3650d }, revocation: true }");
    await site.up();
    const spec = await site.spec();
    const client = await issued(spec, "client");
    const pids = await site.pids();
    await revoke(spec, "client", "unspecified", []);
    await site.up();
    expect(await asks(spec, client)).toEqual(refused);
    const { list } = readRevocations(join(spec.stateDir, "pki"));
    const later = { now: () => Date.now() + 80 * day };
    const { openAuthority } = await import("../../src/pki/open-authority.js");
    const plan = await site.up({}, {}, (world) => ({
      ...world,
      authority: openAuthority(spec, { clock: later }),
      clock: { ...world.clock, ...later },
    }));
    expect(plan.stages.flatMap(({ steps }) => steps.map(({ kind }) => kind))).toEqual(Array(3).fill("put-list"));
    expect(readRevocations(join(spec.stateDir, "pki")).list?.number).toBe((list?.number ?? 0) + 1);
    expect(await asks(spec, client)).toEqual(refused);
    expect(await site.pids()).toEqual(pids);
  });
});
