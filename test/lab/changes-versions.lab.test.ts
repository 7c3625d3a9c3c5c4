/** docs/guides/upgrade.md, change-a-setting.md and downgrade.md, followed while clients are at work. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { archivesOf } from "./archives.js";
import { leadBy, members, underLoad } from "./change.js";
import { Guide } from "./guide.js";
import { createLab, type Lab } from "./lab.js";
import { Operator, said } from "./operator.js";

describe("versions and settings change under load", () => {
  let lab: Lab;
  let operator: Operator;
  const versions = async (): Promise<string[]> => (await members(operator)).map(({ version }) => version);
  const everywhere = (version: string): string[] => lab.hosts.map(() => version);
  beforeAll(async () => {
    lab = await createLab();
    const archives = await archivesOf(["3.4.23", "3.5.16", "3.5.30"]);
    operator = await Operator.of(lab, { version: "3.4.23", archives });
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
  });
  afterAll(() => lab.destroy());

  test("3.4 becomes 3.5, and then a newer patch", async () => {
    const guide = new Guide("upgrade");
    await leadBy(operator, "etcd-host0");
    await underLoad(operator, "upgrade 3.4.23 to 3.5.16", async (doing) => {
      await guide.follow(operator, "In the file", doing);
    });
    expect(await versions()).toEqual(everywhere("3.5.16"));
    await underLoad(operator, "upgrade 3.5.16 to 3.5.30", async (doing) => {
      await guide.follow(operator, "On the command line", doing);
    });
    expect(await versions()).toEqual(everywhere("3.5.30"));
    expect(guide.left).toEqual([]);
  });

  test("an older patch comes back, and the newer one again", async () => {
    await underLoad(operator, "downgrade 3.5.30 to 3.5.16", async (doing) => {
      await new Guide("downgrade").follow(operator, "To an older patch", doing);
    });
    expect(await versions()).toEqual(everywhere("3.5.16"));
    const again = await operator.quorate(["upgrade", "--to", "3.5.30", "--yes"]);
    expect(again.code, said(again)).toBe(0);
  });

  test("settings change, one member after the other", async () => {
    const guide = new Guide("change-a-setting");
    await leadBy(operator, "etcd-host0");
    await underLoad(operator, "settings changed", async (doing) => {
      await guide.follow(operator, "Edit and roll", doing);
    });
    expect(guide.left).toEqual([]);
    for (const host of lab.hosts) {
      const line = await host.must("tr '\\000' '\\n' </proc/$(systemctl show --value -p MainPID etcd)/cmdline");
      expect(line).toContain("--quota-backend-bytes=4294967296");
      expect(line).toContain("--heartbeat-interval=200");
    }
  });
});
