import { createHash, randomBytes } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { QuorateError } from "../../src/errors.js";
import type { Host, HostAction, HostQuestion, Reachable } from "../../src/host/host.js";
import { openSshHost } from "../../src/host/ssh-host.js";
import type { SshOptions, SshTarget } from "../../src/host/ssh.js";
import { renderUnit, type UnitValue } from "../../src/host/unit.js";
import { holder, hostContract } from "../host/host-contract.js";
import { fillDisk, heal, mendDisk, noExec, partition, readOnly } from "./faults.js";
import { inside } from "./network.js";
import { createLab, type Lab } from "./lab.js";
import type { LabHost } from "./host.js";

let lab: Lab;
let machine: LabHost;
let options: SshOptions;
const opened: Host[] = [];

beforeAll(async () => {
  lab = await createLab({
    hosts: [
      { name: "etcd-host0", address: "10.64.3.7" },
      { name: "etcd-host1", address: "10.64.3.8" },
    ],
  });
  machine = lab.host("etcd-host0");
  // Of the tests only ssh and its tools have to be inside the lab's network.
  const program = await wrap("ssh");
  await wrap("ssh-keyscan");
  options = {
    program,
    environment: { ...process.env, ...lab.env },
    sudoPassword: async () => ({ reveal: () => "correct horse" }),
  };
});
/** A program of that name in the lab's folder which is the real one, but inside the lab's network. */
async function wrap(name: string): Promise<string> {
  const [path, real] = [join(lab.folder, name), (await lab.run(["sh", "-c", `command -v ${name}`])).stdout.trim()];
  await writeFile(path, `#!/bin/sh\nexec ${inside(lab.name, [real]).join(" ")} "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((host) => host.close()));
});
afterAll(async () => {
  await lab.destroy();
});

/** Where the operator sits in the lab's network. */
const operator = { address: "10.64.3.1" };
const usual: SshTarget = {
  kind: "ssh",
  host: "etcd-host0",
  user: "root",
  port: undefined,
  identity: undefined,
  jump: undefined,
  ports: "direct",
  become: "none",
};
const state = "/var/lib/trial/state";

function open(change: Partial<SshTarget> = {}, more: Partial<SshOptions> & { state?: string } = {}): Host {
  const host = openSshHost("a", { ...usual, ...change }, { state, readIdentity: () => undefined, ...options, ...more });
  opened.push(host);
  return host;
}

const question: HostQuestion = {
  service: { kind: "systemd", unit: "trial", unitPath: "/etc/systemd/system/trial.service" },
  user: "root",
  texts: [],
  stats: [],
  digests: [],
  releases: [],
  data: "/var/lib/trial/data",
  wal: undefined,
  state,
  ports: [],
};
async function look(host: Host, change: Partial<HostQuestion> = {}): Promise<Reachable> {
  const seen = await host.observe({ ...question, ...change });
  if (seen.reach === "unreachable") throw seen.error;
  return seen;
}
async function refusal(host: Host): Promise<QuorateError> {
  const seen = await host.observe(question);
  if (seen.reach === "reachable") throw new Error("the host could be reached");
  return seen.error;
}
const put = (path: string, text: string | Uint8Array, mode = "0644"): HostAction => ({
  do: "put-file",
  path,
  mode,
  owner: "root",
  group: "root",
  sha256: createHash("sha256").update(text).digest("hex"),
  bytes: async () => Buffer.from(text),
});

for (const [user, become] of [
  ["root", "none"],
  ["ops", "sudo"],
  ["opspw", "sudo-password"],
] as const) {
  hostContract(`ssh as ${user}`, async () => {
    const id = randomBytes(4).toString("hex");
    const folder = `/srv/trial-${id}`;
    const unit = `trial-${id}`;
    const unitPath = `/etc/systemd/system/${unit}.service`;
    const [host, rival] = [
      open({ user, become }, { state: `${folder}/state` }),
      open({ user, become }, { state: `${folder}/state` }),
    ];
    const owner = { owner: "root", group: "root" };
    await host.act([{ do: "make-directory", path: folder, mode: "0755", ...owner }]);
    return {
      host,
      rival,
      folder,
      ...owner,
      service: { kind: "systemd", unit, unitPath },
      unitText:
        "[Service]\nEnvironment=QUORATE_CONFIG=c0ffee\nExecStart=/bin/sleep 600\n[Install]\nWantedBy=multi-user.target\n",
      unitMode: "0644",
      async cleanUp() {
        await host.act([
          { do: "stop", unit, graceSeconds: 1 },
          { do: "disable", unit },
          { do: "remove", path: unitPath },
          { do: "remove", path: folder },
        ]);
      },
    };
  });
}

describe("a host that cannot be had says why", () => {
  const empty = async (): Promise<string> => {
    const path = join(lab.folder, `config-${randomBytes(3).toString("hex")}`);
    await writeFile(
      path,
      `Host *\n  HostName 10.64.3.7\n  IdentityFile ${lab.identity}\n  IdentitiesOnly yes\n  GlobalKnownHostsFile /dev/null\n  UserKnownHostsFile ${path}.known\n`,
    );
    return path;
  };
  const withConfig = (config: string): Partial<SshOptions> => {
    // The tools that look for fingerprints have to be inside the lab's network too.
    const path = `${lab.folder}:${process.env["PATH"]}`;
    return { environment: { ...process.env, PATH: path, QUORATE_SSH_CONFIG: config } };
  };
  test("an unknown key, with its fingerprint", async () => {
    const error = await refusal(open({}, withConfig(await empty())));
    const own = (await machine.must("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")).split(" ")[1];
    expect(error.code).toBe("E_SSH_HOST_KEY_UNKNOWN");
    expect(error.details.found).toContain(own);
  });

  test("a changed key, with both fingerprints", async () => {
    const config = await empty();
    await writeFile(`${config}.known`, `10.64.3.7 ${await lab.host("etcd-host1").publicKey()}\n`);
    const error = await refusal(open({}, withConfig(config)));
    expect(error.code).toBe("E_SSH_HOST_KEY_CHANGED");
    const [own, other] = await Promise.all(
      ["etcd-host0", "etcd-host1"].map(
        async (name) => (await lab.host(name).must("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")).split(" ")[1],
      ),
    );
    expect([error.details.found, error.details.expected]).toEqual([own, expect.stringContaining(other as string)]);
  });

  test.each([
    ["E_SSH_DENIED", { user: "nobody-here" }],
    ["E_SSH_REFUSED", { port: 23 }],
    ["E_SSH_NAME", { host: "no-such-host.invalid" }],
    ["E_SUDO_PASSWORD_NEEDED", { user: "opspw", become: "sudo" }],
  ] as const)("%s", async (code, change) => {
    expect((await refusal(open(change))).code).toBe(code);
  });

  test("a wrong password for sudo, tried once", async () => {
    const error = await refusal(
      open({ user: "opspw", become: "sudo-password" }, { sudoPassword: async () => ({ reveal: () => "wrong" }) }),
    );
    expect(error.code).toBe("E_SUDO_PASSWORD_WRONG");
  });

  test("sudo that wants a terminal", async () => {
    await machine.must("echo 'Defaults:ops requiretty' >/etc/sudoers.d/tty");
    expect((await refusal(open({ user: "ops", become: "sudo" }))).code).toBe("E_SUDO_TTY");
    await machine.must("rm /etc/sudoers.d/tty");
  });

  test("an account without a shell", async () => {
    await machine.must("usermod --shell /usr/sbin/nologin ops");
    const error = await refusal(open({ user: "ops" }));
    await machine.must("usermod --shell /bin/bash ops");
    expect([error.code, error.details.found]).toEqual(["E_LOGIN_SHELL", "This account is currently not available."]);
  });

  test("a host behind a firewall that drops everything", async () => {
    await partition(machine, [operator]);
    const error = await refusal(open({}, { connectSeconds: 2 }));
    await heal(machine);
    expect(error.code).toBe("E_SSH_TIMEOUT");
  });
});

describe("bad luck", () => {
  test("a connection whose other end is gone is given up within the keepalive limit", async () => {
    const host = open();
    await look(host);
    await partition(machine, [operator]);
    const error = await refusal(host);
    await heal(machine);
    expect(error.code).toBe("E_HOST_LOST");
  }, 60_000);

  test("after a reboot the same host connects again, and the lock from before is free", async () => {
    const [host, other] = [open(), open()];
    expect(await host.lock(holder("ann"))).toBeUndefined();
    const before = await look(host);
    await machine.powerLoss();
    await machine.boot();
    expect(await other.lock(holder("bob"))).toBeUndefined();
    await expect(
      host.act([put("/root/late", "x")]).then(() => host.act([put("/root/late", "x")])),
    ).rejects.toMatchObject({ code: expect.stringMatching(/E_HOST_LOST|E_LOCK_LOST/) });
    expect((await look(host)).bootId).not.toBe(before.bootId);
  }, 120_000);

  test("a full disk and a read-only one are told apart, and nothing is left behind", async () => {
    const host = open();
    await fillDisk(machine, "/mnt/full");
    await expect(host.act([put("/mnt/full/f", new Uint8Array(1_000_000))])).rejects.toMatchObject({
      code: "E_NO_SPACE",
    });
    expect((await machine.must("ls -A /mnt/full")).trim()).toBe(".filler");
    expect((await look(host, { data: "/mnt/full/data" })).disks["/mnt/full/data"]?.freeBytes).toBe(0);
    await mendDisk(machine, "/mnt/full");
    await readOnly(machine, "/mnt/ro");
    await expect(host.act([put("/mnt/ro/f", "x")])).rejects.toMatchObject({ code: "E_READ_ONLY" });
    expect((await look(host, { data: "/mnt/ro/data" })).disks["/mnt/ro/data"]?.readOnly).toBe(true);
    await mendDisk(machine, "/mnt/ro");
    await noExec(machine, "/mnt/noexec");
    expect((await look(host, { data: "/mnt/noexec" })).disks["/mnt/noexec"]?.noExec).toBe(true);
    await expect(host.act([{ do: "remove", path: "/mnt/noexec" }])).resolves.toBeUndefined();
    await mendDisk(machine, "/mnt/noexec");
  });

  test("a user who may run nothing but /bin/sh as root is enough", async () => {
    await machine.must(
      "echo 'ops ALL=(root) NOPASSWD: /bin/sh' >/etc/sudoers.d/zz-only-sh; sed -i.kept '/^ops/d' /etc/sudoers.d/lab",
    );
    const seen = await look(open({ user: "ops", become: "sudo" }));
    await machine.must("rm /etc/sudoers.d/zz-only-sh; mv /etc/sudoers.d/lab.kept /etc/sudoers.d/lab");
    expect(seen.root).toBe(true);
  });

  test("a user of the service is made once, as a system user without a shell", async () => {
    const host = open();
    const make: HostAction = { do: "make-user", name: "trialuser", group: "trialgroup", home: "/var/lib/trial" };
    await host.act([make, make]);
    expect((await machine.must("getent passwd trialuser | cut -d: -f6-; id -gn trialuser")).trim()).toBe(
      "/var/lib/trial:/usr/sbin/nologin\ntrialgroup",
    );
    await machine.must(
      "userdel trialuser; groupdel trialgroup 2>/dev/null; mv /usr/sbin/useradd /usr/sbin/useradd.away",
    );
    await host.act([make, make]);
    expect((await machine.must("mv /usr/sbin/useradd.away /usr/sbin/useradd; id -gn trialuser")).trim()).toBe(
      "trialgroup",
    );
  });
});

describe("the unit under a real systemd", () => {
  const value: UnitValue = {
    description: "trial 100% $x",
    user: "trial",
    group: "trial",
    execStart: ["/bin/sh", "-c", "exit 0"],
    environment: {},
    environmentFile: undefined,
    workingDirectory: "/",
    readWritePaths: ["/var/lib/trial"],
    openFiles: 4096,
    memoryMax: undefined,
  };
  const unit = "trial";
  const service = async (host: Host) => (await look(host)).service;

  beforeAll(async () => {
    await machine.must("useradd --system trial; mkdir -p /var/lib/trial; chown trial /var/lib/trial");
  });

  const install = (host: Host, change: Partial<UnitValue>): Promise<void> =>
    host.act([
      put(question.service.unitPath, renderUnit({ ...value, ...change })),
      { do: "reload-units" },
      { do: "start", unit },
    ]);

  test("hands over arguments and variables exactly", async () => {
    const words = ["plain", "a b", "100%", "%n", "$HOME", "${USER}", 'say "hi"', "it's", "back\\slash", ";", ""];
    const host = open();
    await install(host, {
      execStart: ["/bin/sh", "-c", 'printf "[%s]" "$@" "$ODD" >/var/lib/trial/said', "sh", ...words],
      environment: { ODD: "x $y % \" \\ '" },
    });
    await expect
      .poll(async () => (await look(host, { texts: ["/var/lib/trial/said"] })).texts["/var/lib/trial/said"])
      .toBe(`${[...words, "x $y % \" \\ '"].map((word) => `[${word}]`).join("")}`);
  });

  test("does not start a removed member again, even one that ends before it is ready", async () => {
    const host = open();
    await install(host, {});
    await expect.poll(async () => (await service(host)).state, { timeout: 10_000 }).toBe("failed");
    await new Promise((resolve) => setTimeout(resolve, 6_500));
    expect(await service(host)).toMatchObject({ state: "failed", restarts: 0 });
  });

  test("starts a member again that failed, and shows its last words", async () => {
    const host = open();
    await install(host, { execStart: ["/bin/sh", "-c", "echo panic: no luck; exit 2"] });
    await expect.poll(async () => (await service(host)).restarts, { timeout: 20_000 }).toBeGreaterThan(0);
    expect((await service(host)).logTail.join("\n")).toContain("panic: no luck");
    await host.act([{ do: "stop", unit, graceSeconds: 5 }]);
    expect((await service(host)).state).toBe("stopped");
  });

  test("sees that a unit file was changed behind systemd's back", async () => {
    const host = open();
    await install(host, { execStart: ["/bin/sleep", "600"] });
    await machine.must(`sleep 1; echo '# edited' >>${question.service.unitPath}`);
    await expect.poll(async () => (await service(host)).needsReload).toBe(true);
    await host.act([{ do: "stop", unit, graceSeconds: 5 }]);
  });

  test("lets a member write to its own folders and nowhere else", async () => {
    const host = open();
    const tries =
      "for f in /var/lib/trial/own /var/tmp/x /etc/x /root/x /srv/x /dev/shm/x; do (: >$f) 2>/dev/null && echo $f; done >/var/lib/trial/tries";
    await install(host, { execStart: ["/bin/sh", "-c", tries] });
    await expect
      .poll(async () => (await look(host, { texts: ["/var/lib/trial/tries"] })).texts["/var/lib/trial/tries"])
      .toMatch(/own/);
    expect((await machine.must("cat /var/lib/trial/tries; ls -A /var/tmp /dev/shm")).match(/\/\S+(?<!:)$/gm)).toEqual(
      expect.not.arrayContaining(["/etc/x", "/root/x", "/srv/x"]),
    );
  });
});
