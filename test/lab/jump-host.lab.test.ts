/** Nothing but the jump host can be reached from where the operator sits; etcd's own ports neither. */
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { partition } from "./faults.js";
import { createLab, tutorialHosts, type Lab } from "./lab.js";
import { healthLine, Operator, said } from "./operator.js";

describe("three hosts behind a jump host", () => {
  let lab: Lab;
  let operator: Operator;
  const members = tutorialHosts.map(({ name }) => name);
  const operatorsAddresses = [{ address: "10.64.3.1" }, { address: "10.66.3.1" }];
  const tunnels = async (): Promise<string[]> =>
    (await readdir(tmpdir())).filter((name) => name.startsWith("quorate-tunnel-"));

  beforeAll(async () => {
    lab = await createLab({ hosts: [...tutorialHosts, { name: "gate", address: "10.64.3.20" }] });
    for (const name of members) await partition(lab.host(name), operatorsAddresses);
    operator = await Operator.of(lab, { members, jump: "root@gate" });
  });
  afterAll(() => lab.destroy());

  test("become a cluster, every member proven through ssh", async () => {
    const before = await tunnels();
    const direct = await lab.ssh(`root@${members[0]}`, "true");
    expect(direct.code, "the way past the jump host is closed").not.toBe(0);
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    for (const { address } of tutorialHosts) expect(up.stdout).toMatch(healthLine(address));
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, said(plan)).toBe(0);
    expect(await tunnels(), "no way is left open").toEqual(before);
  });

  test("are looked at through ssh: health, status, and the certificates on the wire", async () => {
    const health = await operator.quorate(["health"]);
    expect(health.code, said(health)).toBe(0);
    for (const { address } of tutorialHosts) expect(health.stdout).toMatch(healthLine(address));
    const status = await operator.json<{ leader: string }>(["status"]);
    expect(members).toContain(status.leader);
    const certs = await operator.quorate(["certs"]);
    expect(certs.code, said(certs)).toBe(0);
    for (const { address } of tutorialHosts) {
      expect(certs.stdout).toContain(`https://${address}:2379`);
      expect(certs.stdout).toContain(`https://${address}:2380`);
    }
  });

  test("a jump host that lets nobody in is told as that", async () => {
    const stranger = await Operator.of(lab, { members, jump: "nobody@gate" });
    const up = await stranger.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(1);
    expect(said(up)).toMatch(/E_SSH_DENIED|E_SSH_NOT_SSH|E_HOST_UNREACHABLE/);
  });
});
