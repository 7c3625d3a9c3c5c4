/** docs/guides/downgrade.md on a cluster of 3.6, where this machine has one, and what is refused on any. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { presentVersions } from "../support/etcd-binaries.js";
import { archivesOf } from "./archives.js";
import { leadBy, members, underLoad } from "./change.js";
import { Guide } from "./guide.js";
import { createLab, type Lab } from "./lab.js";
import { Operator, said } from "./operator.js";

const newest = presentVersions.includes("3.6.16") ? "3.6.16" : "3.5.30";

describe(`a cluster that began on ${newest} goes back under load`, () => {
  let lab: Lab;
  let operator: Operator;
  beforeAll(async () => {
    lab = await createLab();
    const archives = await archivesOf([...new Set(["3.4.23", "3.5.30", newest])]);
    operator = await Operator.of(lab, { version: newest, archives });
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
  });
  afterAll(() => lab.destroy());

  if (newest === "3.6.16") {
    test("to 3.5, through etcd's own protocol, and up again by a gate that the operator takes on", async () => {
      await leadBy(operator, "etcd-host0");
      await underLoad(operator, "downgrade 3.6.16 to 3.5.30", async (doing) => {
        await new Guide("downgrade").follow(operator, "To the minor version before", doing);
      });
      expect((await members(operator)).map(({ version }) => version)).toEqual(lab.hosts.map(() => "3.5.30"));
      const refused = await operator.quorate(["upgrade", "--to", "3.6.16", "--yes"]);
      expect(refused.code).toBe(1);
      expect(said(refused)).toContain("gate-3.6");
      const file = await readFile(operator.file, "utf8");
      await writeFile(operator.file, file.replace("version: 3.5.30 }", "version: 3.6.16, accept: [gate-3.6] }"));
      await underLoad(operator, "upgrade 3.5.30 to 3.6.16", async (doing) => {
        const up = await doing(() => operator.quorate(["up", "--yes"]));
        expect(up.code, said(up)).toBe(0);
      });
      expect((await members(operator)).map(({ version }) => version)).toEqual(lab.hosts.map(() => "3.6.16"));
    });
  }

  test("never to 3.4: nothing is touched", async () => {
    const before = await members(operator);
    const refused = await operator.quorate(["upgrade", "--to", "3.4.23", "--yes"]);
    expect(refused.code).toBe(1);
    expect(said(refused)).toContain("E_HOPS");
    expect(await members(operator)).toEqual(before);
    expect((await operator.quorate(["plan"])).code, "the file is as it was").toBe(0);
  });
});
