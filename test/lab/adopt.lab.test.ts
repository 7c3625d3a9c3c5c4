import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildByKubespray, buildByTutorial, tutorialCertificates, type TutorialFiles } from "./by-hand.js";
import { verdictLine } from "../../src/render/verdict-line.js";
import { startLabClients } from "../support/workload-lab.js";
import { createLab, type Lab } from "./lab.js";
import { healthLine, Operator, said } from "./operator.js";

describe("a cluster that was built by the tutorial's own steps", () => {
  let lab: Lab;
  let operator: Operator;
  let files: TutorialFiles;
  let flags: string[];
  const pids = (): Promise<string[]> =>
    Promise.all(lab.hosts.map((host) => host.must("systemctl show --value -p MainPID etcd")));
  const inUnits = (): Promise<string[]> =>
    Promise.all(
      lab.hosts.map((host) =>
        host.must("cat /etc/systemd/system/etcd.service; find /etc/etcd /etc/kubernetes /root/local | sort"),
      ),
    );

  beforeAll(async () => {
    lab = await createLab();
    operator = await Operator.of(lab);
    await rm(operator.file);
    files = await tutorialCertificates(
      join(operator.folder, "ssl"),
      lab.hosts.map(({ address }) => address),
    );
    flags = ["--ssh-user", "root", "--cacert", "ssl/ca.pem", "--cert", "ssl/etcd.pem", "--key", "ssl/etcd-key.pem"];
    await buildByTutorial(lab, files, "3.5.30", "--snapshot-count=5000 ");
  });
  afterAll(async () => {
    await lab.destroy();
  });

  test("is left alone by `adopt --look`, which shows the file and the audit", async () => {
    const before = await inUnits();
    const ended = await operator.quorate(["adopt", "10.64.3.7", ...flags, "--look"]);
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toContain("Audit");
    for (const rule of ["runs-as-root", "shared-certificate", "plain-listener"]) expect(ended.stdout).toContain(rule);
    expect(ended.stdout).toContain("etcd-host2: 10.66.3.86");
    await expect(readFile(operator.file, "utf8")).rejects.toThrow(/ENOENT/);
    for (const host of lab.hosts) expect((await host.exec("test -e /var/lib/quorate")).code).toBe(1);
    expect(await inUnits()).toEqual(before);
  });

  test("is adopted with no restart, from one host's name, and then there is nothing to do", async () => {
    const [before, units] = [await pids(), await inUnits()];
    const ended = await operator.quorate(["adopt", "10.64.3.7", ...flags, "--yes"]);
    expect(ended.code, said(ended)).toBe(0);
    const text = await readFile(operator.file, "utf8");
    expect(text).toContain("snapshot-count: 5000");
    expect(text).toContain("token: etcd-cluster-0");
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, said(plan)).toBe(0);
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    for (const host of lab.hosts) expect(up.stdout).toMatch(healthLine(host.address));
    expect(await pids()).toEqual(before);
    expect(await inUnits()).toEqual(units);
  });

  test("is not adopted twice into the same file", async () => {
    const ended = await operator.quorate(["adopt", "10.64.3.7", ...flags, "--yes"]);
    expect(ended.code).toBe(1);
    expect(said(ended)).toContain("E_FILE_EXISTS");
  });

  test("stays as it is through a stop, a start and a reboot", async () => {
    const units = await inUnits();
    await lab.host("etcd-host1").must("systemctl restart etcd");
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, said(plan)).toBe(0);
    await lab.host("etcd-host2").must("systemctl stop etcd");
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    expect(await inUnits()).toEqual(units);
  });

  test("an edited setting is the first thing that restarts members, and brings quorate's unit", async () => {
    const before = await pids();
    const text = await readFile(operator.file, "utf8");
    const release = `release: { sources: [given], from: ${operator.etcd} }\n`;
    await writeFile(operator.file, text.replace("snapshot-count: 5000", "snapshot-count: 6000") + release);
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, said(plan)).toBe(2);
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    for (const host of lab.hosts) {
      expect(up.stdout).toMatch(healthLine(host.address));
      const line = await host.must("tr '\\000' ' ' </proc/$(systemctl show --value -p MainPID etcd)/cmdline");
      expect(line).toContain("--snapshot-count=6000");
      expect(line).toContain("--client-cert-auth=true");
    }
    expect((await pids()).every((pid, index) => pid !== before[index])).toBe(true);
    const after = await operator.quorate(["plan"]);
    expect(after.code, said(after)).toBe(0);
  });
});

describe("a cluster that kubespray built, with a certificate per member", () => {
  let lab: Lab;
  let operator: Operator;
  beforeAll(async () => {
    lab = await createLab();
    operator = await Operator.of(lab);
    await rm(operator.file);
    const addresses = lab.hosts.map(({ address }) => address);
    const files = await tutorialCertificates(join(operator.folder, "ssl"), addresses);
    await buildByKubespray(lab, files, "3.5.30");
  });
  afterAll(() => lab.destroy());

  test("is adopted with the CA's key, through sudo, and its clients notice nothing of the first change", async () => {
    const hosts = lab.hosts.map(({ address }) => `ops@${address}`);
    const adopt = await operator.quorate([
      "adopt",
      ...hosts,
      "--cacert",
      "ssl/ca.pem",
      "--ca-key",
      "ssl/ca-key.pem",
      "--name",
      "k8s",
      "--yes",
    ]);
    expect(adopt.code, said(adopt)).toBe(0);
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, said(plan)).toBe(0);
    const clients = await startLabClients(operator);
    const text = await readFile(operator.file, "utf8");
    const release = `release: { sources: [given], from: ${operator.etcd} }\n`;
    await writeFile(operator.file, text.replace("snapshot-count: 10000", "snapshot-count: 20000") + release);
    await clients.during("change", async () => {
      const up = await operator.quorate(["up", "--yes"]);
      expect(up.code, said(up)).toBe(0);
    });
    const verdict = await clients.stop();
    console.log(verdictLine(verdict));
    expect(verdict, JSON.stringify(verdict.findings)).toMatchObject({ outcome: "held", failed: 0, lost: 0 });
    expect((await operator.quorate(["plan"])).code).toBe(0);
  });

  test("shuts the peer port to clients' certificates once every member has quorate's", async () => {
    const text = await readFile(operator.file, "utf8");
    await writeFile(operator.file, text.replace(/ {2}peers: \w+\n/, ""));
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    for (const host of lab.hosts) {
      const line = await host.must("tr '\\000' ' ' </proc/$(systemctl show --value -p MainPID etcd)/cmdline");
      expect(line).toContain("--peer-cert-allowed-cn=k8s-peer");
    }
  });
});
