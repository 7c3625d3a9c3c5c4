/** docs/guides/adopt.md on clusters that were built in the ways that it names, with clients at work. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { debian, etcdadm } from "../adopt/layouts.js";
import { archivesOf } from "./archives.js";
import { buildByKubespray, buildByTutorial, memberCertificate, tutorialCertificates } from "./by-hand.js";
import { buildByLayout } from "./by-layout.js";
import { members, underLoad } from "./change.js";
import { Guide } from "./guide.js";
import { createLab, type Lab } from "./lab.js";
import { healthLine, Operator, said } from "./operator.js";

/** Hosts, and an operator who has no cluster file. */
async function withoutFile(of?: Parameters<typeof Operator.of>[1]): Promise<{ lab: Lab; operator: Operator }> {
  const lab = await createLab();
  const operator = await Operator.of(lab, of);
  await rm(operator.file);
  return { lab, operator };
}

/** When and as what etcd was started on each host: nobody has restarted what stays the same. */
const started = (lab: Lab): Promise<string[]> =>
  Promise.all(lab.hosts.map((host) => host.must("systemctl show -p MainPID,ExecMainStartTimestampMonotonic etcd")));

/** Where the operator has etcd from, which a file that was found nowhere cannot say. */
async function releasesFrom(operator: Operator, from: string): Promise<void> {
  const text = await readFile(operator.file, "utf8");
  await writeFile(operator.file, `${text}release: { sources: [given], from: ${from} }\n`);
}

describe("a cluster that was built by the tutorial's own steps", () => {
  let lab: Lab;
  let operator: Operator;
  const guide = new Guide("adopt");
  const inUnits = (): Promise<string[]> =>
    Promise.all(
      lab.hosts.map((host) =>
        host.must("cat /etc/systemd/system/etcd.service; find /etc/etcd /etc/kubernetes /root/local | sort"),
      ),
    );

  beforeAll(async () => {
    ({ lab, operator } = await withoutFile());
    const addresses = lab.hosts.map(({ address }) => address);
    await buildByTutorial(
      lab,
      await tutorialCertificates(operator.folder, addresses),
      "3.5.30",
      "--snapshot-count=5000 ",
    );
  });
  afterAll(async () => {
    await lab.destroy();
  });

  test("is left alone by `adopt --look`, which shows the file and the audit", async () => {
    const before = await inUnits();
    const [look] = await guide.follow(operator, "Look first");
    const page = look?.ended.stdout ?? "";
    for (const rule of ["runs-as-root", "shared-certificate", "plain-listener"]) expect(page).toContain(rule);
    expect(page).toContain("etcd-host2: 10.66.3.86");
    await expect(readFile(operator.file, "utf8")).rejects.toThrow(/ENOENT/);
    for (const host of lab.hosts) expect((await host.exec("test -e /var/lib/quorate")).code).toBe(1);
    expect(await inUnits()).toEqual(before);
  });

  test("is adopted with no restart, from one host's name, and then there is nothing to do", async () => {
    const [before, units] = [await started(lab), await inUnits()];
    await guide.follow(operator, "Take it over");
    const text = await readFile(operator.file, "utf8");
    expect(text).toContain("snapshot-count: 5000");
    expect(text).toContain("token: etcd-cluster-0");
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, said(plan)).toBe(0);
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    for (const host of lab.hosts) expect(up.stdout).toMatch(healthLine(host.address));
    expect(await started(lab)).toEqual(before);
    expect(await inUnits()).toEqual(units);
  });

  test("is not adopted twice into the same file", async () => {
    const ended = await operator.quorate(["adopt", "10.64.3.7", "--yes"]);
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
    const before = await started(lab);
    await releasesFrom(operator, operator.etcd);
    await underLoad(operator, "first change of the tutorial's cluster", async (doing) => {
      await guide.follow(operator, "The first change", doing);
    });
    expect(guide.left).toEqual([]);
    for (const host of lab.hosts) {
      const line = await host.must("tr '\\000' ' ' </proc/$(systemctl show --value -p MainPID etcd)/cmdline");
      expect(line).toContain("--snapshot-count=6000");
      expect(line).toContain("--client-cert-auth=true");
    }
    expect((await started(lab)).every((one, index) => one !== before[index])).toBe(true);
  });
});

describe("a cluster that kubespray built, with a certificate per member", () => {
  let lab: Lab;
  let operator: Operator;
  beforeAll(async () => {
    ({ lab, operator } = await withoutFile());
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
    await releasesFrom(operator, operator.etcd);
    const text = await readFile(operator.file, "utf8");
    await writeFile(operator.file, text.replace("snapshot-count: 10000", "snapshot-count: 20000"));
    await underLoad(operator, "first change of kubespray's cluster", async (doing) => {
      const up = await doing(() => operator.quorate(["up", "--yes"]));
      expect(up.code, said(up)).toBe(0);
    });
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

describe("a cluster that was set up from Debian's package, without TLS", () => {
  let lab: Lab;
  let operator: Operator;
  beforeAll(async () => {
    ({ lab, operator } = await withoutFile({ version: "3.4.23" }));
    const certificates = async (): Promise<{ ca: string; cert: string; key: string }> => ({
      ca: "",
      cert: "",
      key: "",
    });
    await buildByLayout(lab, { hosts: debian, certificates, version: "3.4.23" });
  });
  afterAll(() => lab.destroy());

  test("is adopted from one host's name, and nothing is restarted", async () => {
    const before = await started(lab);
    const adopt = await operator.quorate(["adopt", "10.64.3.7", "--ssh-user", "root", "--yes"]);
    console.log(adopt.stdout);
    expect(adopt.code, said(adopt)).toBe(0);
    expect(adopt.stdout).toContain("Debian's package");
    const text = await readFile(operator.file, "utf8");
    expect(text).toContain("tls: off");
    expect(text).toContain("quota-backend-bytes: 4294967296");
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, said(plan)).toBe(0);
    expect(await started(lab)).toEqual(before);
  });

  test("is upgraded as its first change, and the package's own unit stays where it is", async () => {
    await releasesFrom(operator, await archivesOf(["3.4.23", "3.5.16"]));
    await underLoad(operator, "first change of Debian's cluster: upgrade to 3.5.16", async (doing) => {
      const up = await doing(() => operator.quorate(["upgrade", "--to", "3.5.16", "--yes"]));
      expect(up.code, said(up)).toBe(0);
    });
    expect((await members(operator)).map(({ version }) => version)).toEqual(lab.hosts.map(() => "3.5.16"));
    for (const host of lab.hosts) {
      await host.must("grep -q 'man:etcd' /lib/systemd/system/etcd.service");
      expect(await host.must("systemctl show --value -p FragmentPath,User etcd")).toContain("/etc/systemd/system");
      expect((await host.must("stat -c %U /var/lib/etcd/default/member")).trim()).toBe("etcd");
    }
  });
});

describe("a cluster that etcdadm built", () => {
  let lab: Lab;
  let operator: Operator;
  beforeAll(async () => {
    ({ lab, operator } = await withoutFile());
    const files = await tutorialCertificates(
      operator.folder,
      lab.hosts.map(({ address }) => address),
    );
    const text = (path: string): Promise<string> => readFile(path, "utf8");
    await buildByLayout(lab, {
      hosts: etcdadm,
      version: "3.5.30",
      async certificates({ address }, index) {
        const own = await memberCertificate(files, `etcd${index + 1}`, address);
        return { ca: await text(files.ca), cert: await text(own.cert), key: await text(own.key) };
      },
    });
  });
  afterAll(() => lab.destroy());

  let file = "";

  test("is adopted with its CA, and nothing is restarted", async () => {
    const before = await started(lab);
    const trust = ["--cacert", "ca.pem", "--ca-key", "ca-key.pem", "--name", "prod"];
    const adopt = await operator.quorate(["adopt", "10.64.3.7", "--ssh-user", "root", ...trust, "--yes"]);
    console.log(adopt.stdout);
    expect(adopt.code, said(adopt)).toBe(0);
    expect(adopt.stdout).toContain("etcdadm");
    const plan = await operator.quorate(["plan"]);
    expect(plan.code, said(plan)).toBe(0);
    expect(await started(lab)).toEqual(before);
    file = await readFile(operator.file, "utf8");
  });

  test("takes its first change, and goes back to what was adopted", async () => {
    await releasesFrom(operator, operator.etcd);
    const text = await readFile(operator.file, "utf8");
    await writeFile(
      operator.file,
      text.replace(/^etcd:.*\n/m, (line) => `${line}  settings: { snapshot-count: 20000 }\n`),
    );
    await underLoad(operator, "first change of etcdadm's cluster", async (doing) => {
      const up = await doing(() => operator.quorate(["up", "--yes"]));
      expect(up.code, said(up)).toBe(0);
    });
    const { runs } = await operator.json<{ runs: { run: string; command: string }[] }>(["log"]);
    const run = runs.find(({ command }) => command.startsWith("quorate up"))?.run ?? "";
    await underLoad(operator, "first change of etcdadm's cluster undone", async (doing) => {
      const undone = await doing(() => operator.quorate(["undo", run, "--yes"]));
      expect(undone.code, said(undone)).toBe(0);
    });
    expect(await readFile(operator.file, "utf8")).toBe(file);
  });
});
