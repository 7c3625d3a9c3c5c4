import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Ended } from "./execute.js";
import { fillDisk, heal, mendDisk, noExec, partition, readOnly } from "./faults.js";
import { createLab, type Lab } from "./lab.js";
import { healthLine, Operator, said } from "./operator.js";
import { snapshot } from "./snapshot.js";

describe("bad luck at a first start", () => {
  let lab: Lab;
  let operator: Operator;
  beforeEach(async () => {
    lab = await createLab();
    operator = await Operator.of(lab);
  });
  afterEach(async () => {
    await lab.destroy();
  });

  /** `up` is refused with this code, naming these, and no host is changed. */
  const refuses = async (code: string, ...names: string[]): Promise<Ended> => {
    const before = await Promise.all(lab.hosts.filter((host) => host.isUp).map(snapshot));
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(1);
    const printed = `${up.stdout}${up.stderr}`;
    for (const wanted of [code, ...names]) expect(printed).toContain(wanted);
    expect(printed).not.toMatch(/\n\s+at .*\.js:\d+/);
    expect(await Promise.all(lab.hosts.filter((host) => host.isUp).map(snapshot))).toEqual(before);
    return up;
  };
  /** With the cause gone, the very same command succeeds. */
  const succeeds = async (): Promise<void> => {
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    for (const host of lab.hosts) expect(up.stdout).toMatch(healthLine(host.address));
  };

  test("one of three hosts is down: a quorum forms, what is degraded is said, and `up` finishes later", async () => {
    const late = lab.host("etcd-host2");
    await late.powerLoss();
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(3);
    expect(`${up.stdout}${up.stderr}`).toContain("etcd-host2");
    expect(up.stdout).toMatch(healthLine("10.64.3.7"));
    expect(up.stdout).toMatch(healthLine("10.64.3.8"));
    await late.boot();
    await succeeds();
  });

  test("two of three hosts are down: no cluster can form, and nothing is begun", async () => {
    await Promise.all([lab.host("etcd-host1").powerLoss(), lab.host("etcd-host2").powerLoss()]);
    await refuses("E_TOO_FEW_HOSTS", "etcd-host1", "etcd-host2");
  });

  test("an unknown host key is refused with its fingerprint", async () => {
    const known = await readFile(lab.knownHosts, "utf8");
    await writeFile(lab.knownHosts, known.replace(/^10\.64\.3\.8 .*\n/m, ""));
    const print =
      (await lab.host("etcd-host1").must("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")).split(" ")[1] ?? "";
    await refuses("E_SSH_HOST_KEY_UNKNOWN", "etcd-host1", print);
    await writeFile(lab.knownHosts, known);
    await succeeds();
  });

  test("a changed host key is refused", async () => {
    const known = await readFile(lab.knownHosts, "utf8");
    await writeFile(
      lab.knownHosts,
      known.replace(/^10\.64\.3\.8 .*$/m, `10.64.3.8 ${await lab.host("etcd-host0").publicKey()}`),
    );
    await refuses("E_SSH_HOST_KEY_CHANGED", "etcd-host1");
  });

  test("a host that accepts none of our keys is told as that, not as down", async () => {
    await lab.host("etcd-host1").must("mv /root/.ssh/authorized_keys /root/.ssh/other");
    await refuses("E_SSH_DENIED", "etcd-host1");
  });

  test("a port that somebody else has is named with its holder", async () => {
    const host = lab.host("etcd-host1");
    await host.must("systemd-run --quiet --unit=squatter openssl s_server -accept 2380 -nocert");
    await host.must("for i in $(seq 50); do ss -ltn | grep -q :2380 && break; sleep 0.1; done");
    await refuses("E_PORT_TAKEN", "2380", "openssl");
    await host.must("systemctl stop squatter");
    await succeeds();
  });

  test("a data directory with something in it is named, left alone, and moved aside only when told to", async () => {
    const host = lab.host("etcd-host2");
    await host.must("mkdir -p /var/lib/etcd && echo precious > /var/lib/etcd/notes.txt");
    await refuses("E_DATA_FOREIGN", "/var/lib/etcd", "notes.txt");
    const up = await operator.quorate(["up", "--yes", "--move-aside", "etcd-host2"]);
    expect(up.code, said(up)).toBe(0);
    expect(await host.must("cat /var/lib/etcd.aside-*/notes.txt")).toBe("precious\n");
  });

  test("the disk for the binaries is full", async () => {
    await fillDisk(lab.host("etcd-host0"), "/opt/etcd");
    await refuses("E_NO_SPACE", "/opt/etcd", "etcd-host0");
    await mendDisk(lab.host("etcd-host0"), "/opt/etcd");
    await succeeds();
  });

  test("the disk for the data is read-only", async () => {
    await readOnly(lab.host("etcd-host0"), "/var/lib");
    await refuses("E_READ_ONLY", "etcd-host0");
    await mendDisk(lab.host("etcd-host0"), "/var/lib");
    await succeeds();
  });

  test("the disk for the binaries forbids running them", async () => {
    await noExec(lab.host("etcd-host1"), "/opt");
    await refuses("E_NOEXEC", "etcd-host1");
    await mendDisk(lab.host("etcd-host1"), "/opt");
    await succeeds();
  });

  test("a given address is another host's", async () => {
    const file = await readFile(operator.file, "utf8");
    await writeFile(
      operator.file,
      file.replace("etcd-host1: 10.64.3.8", "etcd-host1: { address: 10.64.3.9, ssh: { host: 10.64.3.8 } }"),
    );
    await refuses("E_ADDRESS_NOT_HERE", "10.64.3.9");
  });

  test("two members on one machine are refused", async () => {
    const [one, other] = [lab.host("etcd-host0"), lab.host("etcd-host1")];
    await other.must(`echo ${(await one.must("cat /etc/machine-id")).trim()} > /etc/machine-id`);
    await refuses("E_SAME_MACHINE", "etcd-host0", "etcd-host1");
  });

  test("members that cannot reach each other: the run fails in bounded time, says so, and goes on when they can", async () => {
    for (const host of lab.hosts) {
      await partition(
        host,
        lab.hosts.filter((other) => other !== host),
        { ports: [2380] },
      );
    }
    const up = await operator.quorate(["up", "--yes"], { timeout: 240_000 });
    expect(up.code, said(up)).toBe(1);
    expect(`${up.stdout}${up.stderr}`).toMatch(/E_NO_EFFECT|E_MEMBER_FAILED|E_NOT_SERVING/);
    for (const host of lab.hosts) await heal(host);
    await succeeds();
  });

  test("an etcd of somebody else's in our place is refused, untouched", async () => {
    const host = lab.host("etcd-host0");
    await host.must("mkdir -p /run/foreign && chmod 755 /run/foreign");
    await lab.run([
      "scp",
      "-q",
      "-F",
      lab.env["QUORATE_SSH_CONFIG"] ?? "",
      `${operator.etcd}/etcd`,
      "root@10.64.3.7:/usr/local/bin/etcd",
    ]);
    await host.must("systemd-run --quiet --unit=theirs etcd --data-dir=/run/foreign");
    await host.must("for i in $(seq 100); do ss -ltn | grep -q :2379 && break; sleep 0.1; done");
    await refuses("E_PORT_TAKEN", "2379", "etcd");
    expect((await host.must("systemctl is-active theirs")).trim()).toBe("active");
  });
});
