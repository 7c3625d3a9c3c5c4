import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Ended } from "./execute.js";
import { createLab, type Lab } from "./lab.js";
import { healthLine, Operator, said } from "./operator.js";

const password = "correct horse";

describe("a cluster on three Linux hosts, through sudo", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await createLab();
  });
  afterEach(async () => {
    await lab.destroy();
  });
  const proven = (ended: Ended): void => {
    expect(ended.code, said(ended)).toBe(0);
    for (const host of lab.hosts) expect(ended.stdout).toMatch(healthLine(host.address));
  };

  test("as a user whose sudo asks nothing", async () => {
    const operator = await Operator.of(lab, { user: "ops" });
    proven(await operator.quorate(["up", "--yes"]));
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, said(plan)).toBe(0);
    const keys = await lab.host("etcd-host0").must("stat -L -c '%a %U' $(find /etc/etcd -name '*-key.pem')");
    expect(new Set(keys.trim().split("\n"))).toEqual(new Set(["600 etcd"]));
  });

  test("as a user whose sudo wants a password, which nobody on a host can see", async () => {
    const operator = await Operator.of(lab, { user: "opspw", become: "sudo-password" });
    const file = join(operator.folder, "password");
    await writeFile(file, `${password}\n`, { mode: 0o600 });
    const up = await operator.quorate(["up", "--yes", "--sudo-password-file", file]);
    proven(up);
    expect(said(up)).not.toContain(password);
    for (const host of lab.hosts) {
      const found = await host.exec(`grep -rl '${password}' /etc /var/lib /var/log /home /root /tmp /opt/etcd`);
      expect(found.stdout).toBe("");
    }
    const again = await operator.quorate(["plan"], { env: { QUORATE_SUDO_PASSWORD_FILE: file } });
    expect(again.code, said(again)).toBe(0);
  });

  test("sudo wants a password and none was promised, or the wrong one is given", async () => {
    const unasked = await Operator.of(lab, { user: "opspw" });
    const refused = await unasked.quorate(["up", "--yes"]);
    expect(refused.code, said(refused)).toBe(1);
    expect(said(refused)).toContain("E_SUDO_PASSWORD_NEEDED");

    const operator = await Operator.of(lab, { user: "opspw", become: "sudo-password" });
    const file = join(operator.folder, "password");
    await writeFile(file, "wrong horse\n", { mode: 0o600 });
    const wrong = await operator.quorate(["up", "--yes", "--sudo-password-file", file]);
    expect(wrong.code, said(wrong)).toBe(1);
    expect(said(wrong)).toContain("E_SUDO_PASSWORD_WRONG");
    expect(said(wrong)).not.toContain("wrong horse");
    expect(await lab.host("etcd-host0").exec("test -e /var/lib/quorate")).toMatchObject({ code: 1 });
  });
});
