import { describe, expect, it } from "vitest";
import { renderUnit, type UnitValue } from "../../src/host/unit.js";
import { unitArgument, unitAssignment, unitLine } from "../../src/host/unit-quote.js";

const value: UnitValue = {
  description: "etcd member a of demo",
  user: "etcd",
  group: "etcd",
  execStart: ["/opt/etcd/etcd-v3.5.30/etcd", "--name=a", "--data-dir=/var/lib/etcd"],
  environment: { QUORATE_CONFIG: "c0ffee" },
  environmentFile: "/var/lib/quorate/bootstrap.env",
  workingDirectory: "/var/lib/etcd",
  readWritePaths: ["/var/lib/etcd", "/mnt/wal"],
  openFiles: 65536,
  memoryMax: undefined,
};

describe("the unit", () => {
  it("reads like this", () => {
    expect(renderUnit(value)).toMatchInlineSnapshot(`
      "[Unit]
      Description=etcd member a of demo
      Documentation=https://etcd.io/docs/
      Wants=network-online.target
      After=network-online.target time-sync.target
      RequiresMountsFor=/var/lib/etcd /mnt/wal
      StartLimitIntervalSec=30min
      StartLimitBurst=180

      [Service]
      Type=notify
      NotifyAccess=main
      TimeoutStartSec=infinity
      TimeoutStopSec=30s
      User=etcd
      Group=etcd
      WorkingDirectory=-/var/lib/etcd
      Environment=QUORATE_CONFIG=c0ffee
      EnvironmentFile=-/var/lib/quorate/bootstrap.env
      ExecStart=/opt/etcd/etcd-v3.5.30/etcd --name=a --data-dir=/var/lib/etcd
      Restart=on-failure
      RestartPreventExitStatus=0
      RestartSec=5s

      LimitNOFILE=65536
      LimitCORE=0
      OOMScoreAdjust=-500
      Nice=-5
      IOSchedulingClass=best-effort
      IOSchedulingPriority=0

      UMask=0077
      ProtectSystem=strict
      ReadWritePaths=/var/lib/etcd /mnt/wal
      ProtectHome=read-only
      PrivateTmp=yes
      PrivateDevices=yes
      PrivateUsers=yes
      ProtectHostname=yes
      ProtectClock=yes
      ProtectKernelTunables=yes
      ProtectKernelModules=yes
      ProtectKernelLogs=yes
      ProtectControlGroups=yes
      ProtectProc=invisible
      ProcSubset=pid
      NoNewPrivileges=yes
      CapabilityBoundingSet=
      AmbientCapabilities=
      RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
      RestrictNamespaces=yes
      RestrictRealtime=yes
      RestrictSUIDSGID=yes
      RemoveIPC=yes
      LockPersonality=yes
      MemoryDenyWriteExecute=yes
      SystemCallArchitectures=native
      SystemCallFilter=@system-service
      SystemCallFilter=~@privileged @resources
      SystemCallErrorNumber=EPERM
      KeyringMode=private

      [Install]
      WantedBy=multi-user.target
      "
    `);
  });

  it("limits memory only when asked to", () => {
    expect(renderUnit(value)).not.toContain("MemoryMax");
    expect(renderUnit({ ...value, memoryMax: 8_589_934_592 })).toContain("\nMemoryMax=8589934592\n");
  });
});

describe("quoting for systemd", () => {
  it.each([
    ["--name=a", "--name=a"],
    ["", '""'],
    ["a b", '"a b"'],
    ["100%", "100%%"],
    ["$HOME", '"$$HOME"'],
    ['say "hi"', '"say \\"hi\\""'],
    ["back\\slash", '"back\\\\slash"'],
    [";", '";"'],
    ["it's", '"it\'s"'],
    ["https://[fd00::7]:2379", '"https://[fd00::7]:2379"'],
  ])("%j as an argument is %s", (text, quoted) => {
    expect(unitArgument(text)).toBe(quoted);
  });

  it("leaves a dollar alone in an assignment, where it means nothing", () => {
    expect(unitAssignment("A", "$x %")).toBe('"A=$x %%"');
  });

  it.each(["a\nExecStartPre=/bin/evil", "a\0b", "tab\t"])("refuses %j", (text) => {
    for (const write of [unitArgument, unitLine, (each: string) => unitAssignment("A", each)]) {
      expect(() => write(text)).toThrow(expect.objectContaining({ code: "E_HOST_VALUE" }));
    }
  });

  it("refuses a description that would swallow the next line", () => {
    expect(() => unitLine("etcd\\")).toThrow(expect.objectContaining({ code: "E_HOST_VALUE" }));
  });
});
