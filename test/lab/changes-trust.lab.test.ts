/** docs/guides/renew.md, revoke.md and rotate-the-ca.md, followed in one cluster while clients are at work. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { underLoad } from "./change.js";
import { Guide } from "./guide.js";
import { createLab, type Lab } from "./lab.js";
import { Operator, said } from "./operator.js";

describe("certificates change under load", () => {
  let lab: Lab;
  let operator: Operator;
  const pids = (): Promise<string[]> =>
    Promise.all(lab.hosts.map((host) => host.must("systemctl show --value -p MainPID etcd")));
  /** What plain etcdctl with the files of a client gets of each member. */
  const asks = (folder: string, client: string): Promise<string[]> =>
    Promise.all(
      lab.hosts.map(async ({ address }) => {
        const at = (name: string): string => join(operator.folder, folder, name);
        const trust = [`--cacert=${at("ca.pem")}`, `--cert=${at(`${client}.pem`)}`, `--key=${at(`${client}-key.pem`)}`];
        const words = [...trust, `--endpoints=https://${address}:2379`, "--command-timeout=3s", "get", "nothing"];
        const ended = await lab.run(["env", "ETCDCTL_API=3", join(operator.etcd, "etcdctl"), ...words]);
        return ended.code === 0 ? "yes" : "refused";
      }),
    );
  const [yes, refused] = [Array(3).fill("yes"), Array(3).fill("refused")];
  beforeAll(async () => {
    lab = await createLab();
    operator = await Operator.of(lab);
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
  });
  afterAll(() => lab.destroy());

  test("renew: members' certificates are renewed in place, and no process is restarted", async () => {
    const guide = new Guide("renew");
    const before = await pids();
    await underLoad(operator, "certificates renewed", async (doing) => {
      await guide.follow(operator, "What is due", doing);
      await guide.follow(operator, "Due or not", doing);
    });
    expect(guide.left).toEqual([]);
    expect(await pids()).toEqual(before);
  });

  test("revoke: clients are refused by every member, the second without a restart", async () => {
    const guide = new Guide("revoke");
    await underLoad(operator, "first revocation", async (doing) => {
      await guide.follow(operator, "The first time", doing);
    });
    expect(await asks("backup-tls", "backup")).toEqual(refused);
    const before = await pids();
    await underLoad(operator, "second revocation", async (doing) => {
      await guide.follow(operator, "Every time after", async (act) => {
        expect(await asks("reports-tls", "reports")).toEqual(yes);
        return doing(act);
      });
    });
    expect(guide.left).toEqual([]);
    expect(await asks("reports-tls", "reports")).toEqual(refused);
    expect(await pids()).toEqual(before);
  });

  test("rotate-the-ca: another CA takes over, with a list of revoked certificates at work", async () => {
    const guide = new Guide("rotate-the-ca");
    const issued = await operator.quorate(["certs", "issue", "backup", "--out", "./backup-tls-1"]);
    expect(issued.code, said(issued)).toBe(0);
    await underLoad(operator, "another CA", async (doing) => {
      await guide.follow(operator, "Change it", doing);
      expect(await asks("backup-tls-1", "backup")).toEqual(yes);
      await guide.follow(operator, "Clients", doing);
    });
    expect(guide.left).toEqual([]);
    expect(await asks("backup-tls-2", "backup")).toEqual(yes);
    for (const [folder, client] of [
      ["backup-tls", "backup"],
      ["backup-tls-1", "backup"],
      ["reports-tls", "reports"],
    ] as const)
      expect(await asks(folder, client), folder).toEqual(refused);
  });
});
