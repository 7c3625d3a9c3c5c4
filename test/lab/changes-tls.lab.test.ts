/** docs/guides/from-plaintext-to-tls.md, followed while clients are at work. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verdictLine } from "../../src/render/verdict-line.js";
import { startLabClients } from "../support/workload-lab.js";
import { nothingToDo } from "./change.js";
import { Guide, type Doing } from "./guide.js";
import { createLab, type Lab } from "./lab.js";
import { Operator, said } from "./operator.js";

describe("a cluster without TLS comes to it under load", () => {
  let lab: Lab;
  let operator: Operator;
  beforeAll(async () => {
    lab = await createLab();
    operator = await Operator.of(lab, { more: "tls: off" });
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
  });
  afterAll(() => lab.destroy());

  test("from-plaintext-to-tls: clients are moved over one after the other, and plaintext ends when told to", async () => {
    const guide = new Guide("from-plaintext-to-tls");
    const live = join(operator.folder, ".quorate", "lab", "pki", "client", "live");
    const files = { ca: join(live, "ca.pem"), cert: join(live, "root.pem"), key: join(live, "root-key.pem") };
    const clients = await startLabClients(operator, { files, sync: "never" });
    const urls = (scheme: string): string[] => lab.hosts.map(({ address }) => `${scheme}://${address}:2379`);
    try {
      await clients.control(1_000);
      let wall = 0;
      const doing: Doing = async (act) => {
        const begin = performance.now();
        try {
          return await clients.during("change", act);
        } finally {
          wall += performance.now() - begin;
        }
      };
      await guide.follow(operator, "In the file", doing);
      clients.endpoints(urls("https"));
      await clients.control(2_000);
      await guide.follow(operator, "Plaintext ends", doing);
      await clients.control(wall);
      const verdict = await clients.stop();
      console.log(`plaintext to TLS: ${verdictLine(verdict)}, ${(wall / 1_000).toFixed(1)} s`);
      expect(verdict, JSON.stringify(verdict.findings)).toMatchObject({ outcome: "held", failed: 0, lost: 0 });
    } finally {
      await clients.kill();
    }
    expect(guide.left).toEqual([]);
    await nothingToDo(operator);
    for (const url of urls("http"))
      expect((await lab.run(["curl", "-s", "-m", "3", `${url}/version`])).code, url).not.toBe(0);
  });
});
