import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillDisk, heal, mendDisk, noExec, partition, readOnly } from "./faults.js";
import { createLab, type Lab } from "./lab.js";

describe("the lab itself", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await createLab();
  });
  afterAll(async () => {
    await lab.destroy();
  });

  test("every host is a running systemd machine under its own name and identity", async () => {
    const identities = new Set<string>();
    for (const host of lab.hosts) {
      expect((await host.must("systemctl is-system-running")).trim()).toBe("running");
      expect((await host.must("hostname")).trim()).toBe(host.name);
      expect((await host.must("cat /proc/1/comm")).trim()).toBe("systemd");
      identities.add(await host.must("cat /etc/machine-id"));
    }
    expect(identities.size).toBe(lab.hosts.length);
  });

  test("hosts do not see each other's units: a unit stopped on one goes on running on another", async () => {
    const [one, other] = [lab.host("etcd-host0"), lab.host("etcd-host1")];
    for (const host of [one, other]) await host.must("systemd-run --quiet --unit=probe sleep 600");
    await one.must("systemctl stop probe");
    expect((await other.must("systemctl is-active probe")).trim()).toBe("active");
    await other.must("systemctl stop probe");
    for (const host of lab.hosts)
      expect(readFileSync(`/proc/${host.init}/cgroup`, "utf8")).toContain(`${lab.name}-${host.name}`);
  });

  test("the operator reaches every host as root and through sudo, with strict host keys", async () => {
    for (const host of lab.hosts) {
      expect((await lab.ssh(`root@${host.address}`, "id -un")).stdout.trim()).toBe("root");
      expect((await lab.ssh(`ops@${host.name}`, "sudo -n id -un")).stdout.trim()).toBe("root");
      expect((await lab.ssh(`opspw@${host.address}`, "sudo -n id -un")).code).not.toBe(0);
      const withPassword = await lab.ssh(`opspw@${host.address}`, "sudo -S -p '' id -un", { input: "correct horse\n" });
      expect(withPassword.stdout.trim()).toBe("root");
    }
  });

  test("an unknown host key is refused", async () => {
    const refused = await lab.run([
      "ssh",
      "-F",
      lab.env["QUORATE_SSH_CONFIG"]!,
      "-o",
      "UserKnownHostsFile=/dev/null",
      "-o",
      "BatchMode=yes",
      "root@10.64.3.7",
      "true",
    ]);
    expect(refused.code).toBe(255);
  });

  test("hosts reach each other across the router", async () => {
    await lab.host("etcd-host0").must("bash -c 'exec 3<>/dev/tcp/10.66.3.86/22'");
    await lab.host("etcd-host2").must("bash -c 'exec 3<>/dev/tcp/10.64.3.8/22'");
  });

  test("a partition cuts and heals, also one way and by port", async () => {
    const [cut, peer] = [lab.host("etcd-host0"), lab.host("etcd-host2")];
    const reaches = async (): Promise<boolean> =>
      (await peer.exec("timeout 2 bash -c 'exec 3<>/dev/tcp/10.64.3.7/22'")).code === 0;
    await partition(cut, [peer]);
    expect(await reaches()).toBe(false);
    expect((await lab.ssh("root@10.64.3.7", "true")).code).toBe(0);
    await heal(cut);
    expect(await reaches()).toBe(true);
    await partition(cut, [peer], { direction: "out" });
    expect(await reaches()).toBe(false);
    await heal(cut);
    await partition(cut, [peer], { ports: [2380] });
    expect(await reaches()).toBe(true);
    await heal(cut);
  });

  test("a disk can be full, read-only or noexec, and is mended", async () => {
    const host = lab.host("etcd-host1");
    await fillDisk(host, "/opt/full");
    expect((await host.exec("echo word > /opt/full/file && cat /opt/full/file")).stdout).toBe("");
    await readOnly(host, "/opt/still");
    expect((await host.exec("touch /opt/still/file")).code).not.toBe(0);
    await noExec(host, "/opt/inert");
    expect((await host.exec("cp /bin/true /opt/inert/ && /opt/inert/true")).code).toBe(126);
    for (const path of ["/opt/full", "/opt/still", "/opt/inert"]) await mendDisk(host, path);
    await host.must("touch /opt/full/file /opt/still/file && cp /bin/true /opt/inert/ && /opt/inert/true");
  });

  test("a power loss and a reboot keep the disk and change the boot", async () => {
    const host = lab.host("etcd-host1");
    await host.must("echo kept > /root/word");
    const boots = new Set([await host.must("journalctl --list-boots --no-pager | wc -l")]);
    await host.powerLoss();
    expect(host.isUp).toBe(false);
    expect((await lab.ssh("root@10.64.3.8", "true")).code).toBe(255);
    await host.boot();
    boots.add(await host.must("journalctl --list-boots --no-pager | wc -l"));
    await host.reboot();
    boots.add(await host.must("journalctl --list-boots --no-pager | wc -l"));
    expect(boots.size).toBe(3);
    expect((await lab.ssh("root@10.64.3.8", "cat /root/word")).stdout).toBe("kept\n");
  });
});
