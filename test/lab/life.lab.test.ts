import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLab, type Lab } from "./lab.js";
import { healthLine, Operator, said } from "./operator.js";
import { snapshot } from "./snapshot.js";

/** The tutorial's own places, an old etcd, RSA, and keys that are made on the hosts. */
const tutorial = [
  "paths: { data: /srv/etcd, wal: /srv/etcd-wal, certificates: /etc/kubernetes/ssl, binaries: /root-local/bin }",
  "service: { unit: etcd-tutorial, user: etcd-runner, open-files: 9000, memory-max: 1GiB }",
  "tls: { algorithm: rsa-2048, keys: host, subject: { C: CN, L: Beijing, O: k8s }, sans: [etcd.example] }",
].join("\n");

describe("the whole life of a cluster with nothing left at its default", () => {
  let lab: Lab;
  let operator: Operator;
  let bare: string[];
  beforeAll(async () => {
    lab = await createLab();
    operator = await Operator.of(lab, { version: "3.4.23", more: tutorial });
    bare = await Promise.all(lab.hosts.map(snapshot));
  });
  afterAll(async () => {
    await lab.destroy();
  });

  test("it comes up in its own places", async () => {
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    for (const host of lab.hosts) {
      expect(up.stdout).toMatch(healthLine(host.address));
      await host.must(
        'test -d /srv/etcd/member && test -n "$(ls /srv/etcd-wal)" && systemctl is-active -q etcd-tutorial',
      );
      expect((await host.must('ps -o user:20= -p "$(systemctl show --value -p MainPID etcd-tutorial)"')).trim()).toBe(
        "etcd-runner",
      );
      expect(await host.must('cat /proc/"$(systemctl show --value -p MainPID etcd-tutorial)"/limits')).toMatch(
        /Max open files +9000 /,
      );
      const server = "$(find /etc/kubernetes/ssl -name server.pem | head -n 1)";
      const certificate = await host.must(`openssl x509 -in ${server} -noout -text`);
      expect(certificate).toMatch(/Public-Key: \(2048 bit\)/);
      expect(certificate).toContain("etcd.example");
      expect(certificate).toMatch(/O ?= ?k8s/);
    }
  });

  test("no member's key has ever left its host", async () => {
    const here = await lab.run(["find", ".", "-name", "*key*", "-not", "-name", "ca*"], { cwd: operator.folder });
    expect(here.stdout.split("\n").filter((path) => lab.hosts.some((host) => path.includes(host.name)))).toEqual([]);
  });

  test("`stop` stops every member and keeps the data; `up` starts them again", async () => {
    expect((await operator.etcdctl(["put", "greeting", "hello"])).code).toBe(0);
    const stop = await operator.quorate(["stop", "--yes"]);
    expect(stop.code, said(stop)).toBe(0);
    for (const host of lab.hosts)
      expect((await host.exec("systemctl is-active etcd-tutorial")).stdout.trim()).toBe("inactive");
    expect((await operator.quorate(["health"])).code).not.toBe(0);
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    expect((await operator.etcdctl(["get", "greeting", "--print-value-only"])).stdout).toBe("hello\n");
  });

  test("`destroy` wants the cluster's name, and leaves nothing behind but the service's user", async () => {
    expect((await operator.quorate(["destroy", "--yes"])).code).toBe(1);
    const destroy = await operator.quorate(["destroy", "--yes", "--name", "lab"]);
    expect(destroy.code, said(destroy)).toBe(0);
    const after = await Promise.all(lab.hosts.map(snapshot));
    const paths = (text: string): Set<string> => new Set(text.split("\n").map((line) => line.split(" ")[0] ?? ""));
    for (const [index, text] of after.entries()) {
      const before = paths(bare[index] ?? "");
      const left = [...paths(text)].filter((path) => !before.has(path) && !path.startsWith("/etc/"));
      expect(left.filter((path) => !/^\/(srv|root-local|var\/lib\/quorate)(\/bin)?$/.test(path))).toEqual([]);
      expect([...paths(text)].filter((path) => /systemd\/system.*etcd|kubernetes\/ssl\//.test(path))).toEqual([]);
    }
  });
});
