import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QuorateError } from "../../src/errors.js";
import type { HostQuestion } from "../../src/host/host.js";
import { manifestDigest } from "../../src/host/manifest.js";
import { parseHolder, parseObservation } from "../../src/host/observe-parse.js";
import { observeScript, statPaths } from "../../src/host/observe-script.js";

const nonce = "ab12";
const question: HostQuestion = {
  service: { kind: "systemd", unit: "etcd", unitPath: "/etc/systemd/system/etcd.service" },
  user: "etcd",
  texts: ["/etc/systemd/system/etcd.service", "/pki/live/ca.pem"],
  stats: ["/var/lib/etcd", "/pki/live"],
  digests: ["/pki/live/key.pem"],
  releases: ["/opt/etcd/etcd-v3.5.30"],
  data: "/var/lib/etcd",
  wal: undefined,
  state: "/var/lib/quorate",
  ports: [2379],
};

/** Output of a host: sections as [head, body]. */
const output = (...sections: readonly (readonly [string, string])[]): Buffer =>
  Buffer.from(sections.map(([head, body]) => `\n@${nonce} ${head}\n${body}`).join(""));

const system = [
  "system",
  "arch x86_64\nmachine 18e88c\nboot e8b8\nuid 0\nmemory 24684092\nopenssl yes\nuser yes\nsystemd 252.so\n",
] as const;
const clock = ["clock 1763832000123456789", ""] as const;
/** The host's clock says 1_763_832_000_123. */
const during = [1_763_832_000_050, 1_763_832_000_100] as const;
const parse = (bytes: Buffer, asked: HostQuestion = question, when: readonly [number, number] = during) =>
  parseObservation(bytes, nonce, asked, when, (wal) =>
    wal[0] === 0x57 ? { clusterId: "c1", memberId: "a1" } : undefined,
  );
const seen = (...sections: readonly (readonly [string, string])[]) => parse(output(system, ...sections, clock));

describe("an observation", () => {
  it("says what machine it was", () => {
    expect(seen()).toMatchObject({
      arch: "amd64",
      machineId: "18e88c",
      bootId: "e8b8",
      root: true,
      openssl: true,
      userExists: true,
      systemd: 252,
      memoryTotal: 24684092 * 1024,
    });
  });

  it("keeps an architecture that Go calls by another name", () => {
    expect(parse(output(["system", "arch aarch64\n"], clock)).arch).toBe("arm64");
    expect(parse(output(["system", "arch riscv64\n"], clock)).arch).toBe("riscv64");
  });

  it("asks systemctl for its version where no library tells it", () => {
    expect(parse(output(["system", "arch x86_64\nsystemd systemd 255 (255.4)\n"], clock)).systemd).toBe(255);
    expect(parse(output(["system", "arch x86_64\n"], clock)).systemd).toBeUndefined();
  });

  it("compares the clocks", () => {
    expect(seen().clockSkew).toBe(23);
  });

  it("takes no clock for wrong because the host was slow to answer", () => {
    const at = (asked: number, answered: number): number =>
      parse(output(system, clock), question, [1_763_832_000_000 + asked, 1_763_832_000_000 + answered]).clockSkew;
    expect(at(100, 60_000)).toBe(0);
    expect(at(-60_000, 200)).toBe(0);
    expect(at(4_123, 9_000)).toBe(-4_000);
    expect(at(-9_000, -3_877)).toBe(4_000);
  });

  it("gives texts exactly, whatever they end with", () => {
    expect(seen(["text 0", "[Unit]\n\n\n"], ["text 1", "no newline"]).texts).toEqual({
      "/etc/systemd/system/etcd.service": "[Unit]\n\n\n",
      "/pki/live/ca.pem": "no newline",
    });
  });

  it("is not misled by a text that looks like a section", () => {
    const evil = "\n@ffff lock\n{}\n@ab1 mark 0\nx\n@clock 1";
    const got = seen(["text 0", evil]);
    expect([got.texts["/etc/systemd/system/etcd.service"], got.lock, got.mark]).toEqual([evil, undefined, undefined]);
  });

  it("reads kinds, modes, owners and targets", () => {
    const links = statPaths(question).indexOf("/pki/live");
    const got = seen(
      ["stats", "41c0:4096:etcd:etcd:/var/lib/etcd\na1ff:9:root:root:/pki/live\n"],
      [`link ${links}`, "/pki/gen-1\n"],
    );
    expect(got.stats).toEqual({
      "/var/lib/etcd": { kind: "dir", mode: "0700", owner: "etcd", group: "etcd", size: 4096, target: undefined },
      "/pki/live": { kind: "link", mode: "0777", owner: "root", group: "root", size: 9, target: "/pki/gen-1" },
    });
  });

  it("takes an untouched release for what it is, and any change for damage", () => {
    const sha256 = "ab".repeat(32);
    const manifest = ["manifest 0 /x", `${sha256} 100 17.5 etcd\n`] as const;
    const path = "/opt/etcd/etcd-v3.5.30";
    const judge = (files: string) => seen(manifest, ["files 0", files]).releases[path];
    expect(judge("100 17.5 755 etcd\n90 17.6 644 manifest\n")).toBe(manifestDigest([{ name: "etcd", sha256 }]));
    expect(["101 17.5 755 etcd\n", "100 17.6 755 etcd\n", "100 17.5 644 etcd\n", ""].map(judge)).toEqual([
      "damaged",
      "damaged",
      "damaged",
      "damaged",
    ]);
  });

  it("finds the disk of every path", () => {
    const paths = ["/var/lib/etcd", "/var/lib/quorate", "/pki/live", "/opt/etcd/etcd-v3.5.30"];
    const sizes = ["10 4096 5 5", "10 4096 5 0", "10 4096 0 0", "10 4096 5 5"].join("\n");
    const mounts = "d1 / ext4 rw,relatime 0 0\nd2 /opt\\040x ext4 ro,noexec 0 0\n";
    const { disks } = seen(["disks", sizes], ["real", "/var/lib\n/var/lib\n/pki\n/opt x/etcd\n"], ["mounts", mounts]);
    expect(Object.keys(disks)).toEqual(paths);
    expect(disks["/var/lib/etcd"]).toEqual({ freeBytes: 40_960, readOnly: false, noExec: false });
    expect(disks["/var/lib/quorate"]?.freeBytes).toBe(0);
    expect(disks["/pki/live"]?.freeBytes).toBe(40_960);
    expect(disks["/opt/etcd/etcd-v3.5.30"]).toMatchObject({ readOnly: true, noExec: true });
  });

  it.each([
    ["ActiveState=active\nSubState=running", "running"],
    ["ActiveState=activating\nSubState=start", "starting"],
    ["ActiveState=activating\nSubState=auto-restart", "failed"],
    ["ActiveState=failed\nSubState=failed", "failed"],
    ["ActiveState=inactive\nSubState=dead", "stopped"],
    ["ActiveState=deactivating\nSubState=stop-sigterm", "running"],
  ])("calls %j %s", (unit, state) => {
    expect(seen(["unit", `LoadState=loaded\n${unit}\n`]).service.state).toBe(state);
  });

  it("describes a running service", () => {
    const unit =
      "NRestarts=2\nMainPID=77\nLoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nNeedDaemonReload=yes\n";
    expect(seen(["unit", unit], ["process", "pid 77\nexe /opt/etcd/etcd\nconfig c0ffee\n"]).service).toEqual({
      installed: true,
      enabled: true,
      needsReload: true,
      state: "running",
      pid: 77,
      config: "c0ffee",
      executable: "/opt/etcd/etcd",
      restarts: 2,
      logTail: [],
    });
  });

  it("shows the last twenty lines of a failed service", () => {
    const log = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    const { logTail } = seen(["unit", "LoadState=loaded\nActiveState=failed\n"], ["log", log]).service;
    expect([logTail.length, logTail.at(-1)]).toEqual([20, "line 29"]);
  });

  it("knows whose data it is, or that it is nobody's", () => {
    expect(seen().data).toEqual({ kind: "absent" });
    expect(seen(["data folder", "lost+found\n"]).data).toEqual({ kind: "empty" });
    expect(seen(["wal", "W..."], ["data folder", "member\n"]).data).toEqual({
      kind: "member",
      clusterId: "c1",
      memberId: "a1",
    });
    expect(seen(["wal", "garbage"], ["data folder", "member\n"]).data).toEqual({ kind: "foreign", found: ["member"] });
    expect(seen(["data other", ""]).data).toEqual({ kind: "foreign", found: ["not a folder"] });
  });

  it("says who listens", () => {
    const line =
      "   0: 0100007F:094B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0\n";
    expect(seen(["listeners", line], ["owner 4242 77 nginx: worker", ""]).listeners).toEqual([
      { address: "127.0.0.1", port: 2379, pid: 77, command: "nginx: worker" },
    ]);
    expect(seen(["listeners", line]).listeners).toEqual([
      { address: "127.0.0.1", port: 2379, pid: undefined, command: undefined },
    ]);
  });

  it("takes a lock that nobody can read for held", () => {
    expect(seen(["lock", "{broken"]).lock).toMatchObject({ operator: "unknown", pid: 0 });
    expect(parseHolder('{"operator":"ann","pid":7}')).toMatchObject({ operator: "ann", pid: 7, machine: "unknown" });
  });

  it("refuses an answer that is not complete", () => {
    expect(() => parse(output(system))).toThrow(expect.objectContaining({ code: "E_HOST_OUTPUT" }));
    expect(() => parse(Buffer.from("bash: syntax error"))).toThrow(expect.objectContaining({ code: "E_HOST_OUTPUT" }));
  });

  it("throws nothing but a QuorateError, whatever a host prints", () => {
    const heads = [
      "system",
      "net",
      "text 0",
      "text 99",
      "stats",
      "link 0",
      "disks",
      "real",
      "mounts",
      "unit",
      "process",
      "log",
      "wal",
      "data folder",
      "listeners",
      "owner 1 2 x",
      "lock",
      "mark 0",
      "manifest 0",
      "files 0",
      "digest 0",
      "clock 17",
      "clock 1763832000123456789",
      "run dead",
      "",
      "__proto__ 0",
    ];
    const section = fc.tuple(
      fc.constantFrom(...heads),
      fc.oneof(
        fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
        fc.string(),
        fc.constant("a:b:c:d:/x\n1 2 3 4\nk=v\n{}\n"),
      ),
    );
    fc.assert(
      fc.property(fc.array(section, { maxLength: 20 }), fc.constantFrom("systemd", "process"), (sections, kind) => {
        try {
          parse(output(system, ...sections), {
            ...question,
            service: { ...question.service, kind: kind as "systemd" },
          });
        } catch (error) {
          expect(error).toBeInstanceOf(QuorateError);
        }
      }),
    );
  });
});

describe("the script", () => {
  it("refuses paths that could mean something else", () => {
    expect(() => observeScript({ ...question, data: "relative" }, nonce)).toThrow(
      expect.objectContaining({ code: "E_HOST_VALUE" }),
    );
  });

  it("never asks for the content of a key", () => {
    const script = observeScript(question, nonce);
    expect(script.split("\n").filter((line) => line.includes("key.pem"))).toEqual(["d 0 '/pki/live/key.pem'"]);
  });
});
