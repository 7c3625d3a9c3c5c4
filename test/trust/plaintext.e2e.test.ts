/** From plaintext to TLS under clients that know both addresses of every member. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { startWorkload } from "../../src/drill/workload/workload.js";
import { verdictLine } from "../../src/render/verdict-line.js";
import { once, ownFiles } from "./handshakes.js";
import { TrustSite } from "./site.js";

describe("three members without TLS", () => {
  let site: TrustSite;
  afterEach(() => site?.remove());

  it("of etcd 3.5.30 come to TLS while clients write, and plaintext ends when it is told to", async () => {
    site = await TrustSite.of("3.5.30", "off");
    await site.up();
    const plain = (await site.spec()).members.map(({ client }) => client.url);
    site.write("{ validity: { leaf: 365d } }");
    const spec = await site.spec();
    const secure = spec.members.map(({ client }) => client.url);
    let endpoints = plain;
    const load = await startWorkload({
      endpoints: () => endpoints,
      sync: "never",
      tls: async () => {
        const { ca, cert, key } = ownFiles(spec);
        return { ca: readFileSync(ca, "utf8"), cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
      },
    });
    const first = await load.during("change", () => site.up());
    expect(first.problems.map(({ code }) => code)).toEqual(["E_PLAINTEXT"]);
    const held = await site.plan();
    expect(held.stages).toEqual([]);
    expect(held.before.members["m0"]?.listedAt).toMatch(/^https:/);
    endpoints = secure;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const second = await load.during("change", () => site.up({ closePlaintext: true }));
    expect(second.problems).toEqual([]);
    const verdict = await load.stop();
    console.log(verdictLine(verdict));
    expect(verdict).toMatchObject({ failed: 0, lost: 0 });
    expect((await site.plan()).stages).toEqual([]);
    const answers = await Promise.all(secure.map((url) => once(url, ownFiles(spec))));
    expect(answers).toEqual([undefined, undefined, undefined]);
    await expect(fetch(`${plain[0]}/version`)).rejects.toThrow();
  });

  it("of etcd 3.4.23 are to be upgraded first", async () => {
    site = await TrustSite.of("3.4.23", "off");
    await site.up();
    site.write("{}");
    const { stages, problems } = await site.plan();
    expect(stages).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(["E_TLS_SWITCH", "E_TLS_SWITCH", "E_TLS_SWITCH"]);
    site.write("off");
  });
});
