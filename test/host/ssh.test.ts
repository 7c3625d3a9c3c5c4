import { describe, expect, it } from "vitest";
import { openSshHost } from "../../src/host/ssh-host.js";
import { sshDestination, sshLimits, type SshTarget } from "../../src/host/ssh.js";
import { remoteCommand } from "../../src/host/shell-loop.js";

const target: SshTarget = {
  kind: "ssh",
  host: "db1",
  user: undefined,
  port: undefined,
  identity: undefined,
  jump: undefined,
  ports: "direct",
  become: "none",
};

describe("the ssh command line", () => {
  it("leaves everything to the operator's config by default", () => {
    expect(sshDestination(target, {})).toEqual(["--", "db1"]);
  });

  it("says what the cluster file says", () => {
    const all = { ...target, user: "ann", port: 2222, identity: "/home/ann/.ssh/k", jump: "bob@gate:22" };
    expect(sshDestination(all, {})).toEqual([
      "-l",
      "ann",
      "-p",
      "2222",
      "-i",
      "/home/ann/.ssh/k",
      "-J",
      "bob@gate:22",
      "--",
      "db1",
    ]);
  });

  it("takes a config file of its own from the environment", () => {
    expect(sshDestination(target, { QUORATE_SSH_CONFIG: "/x/config" })).toEqual(["-F", "/x/config", "--", "db1"]);
  });

  it("never weakens host key checking, and forwards nothing", () => {
    const limits = sshLimits(10).join(" ");
    expect(limits).not.toContain("StrictHostKeyChecking");
    expect(limits).toContain("-o ForwardAgent=no -o ForwardX11=no -o ClearAllForwardings=yes");
  });

  it.each(["-oProxyCommand=reboot", "", "a b", "$(id)", "a;b", "a\nb", "`x`"])("refuses %j as a host", (host) => {
    expect(() => openSshHost("a", { ...target, host }, { state: "/s", readIdentity: () => undefined })).toThrow(
      expect.objectContaining({ code: "E_HOST_VALUE" }),
    );
  });

  it.each(["fe80::1%eth0", "10.64.3.7", "db1.example.com", "my_alias", "[fd00::7]"])("takes %s as a host", (host) => {
    expect(sshDestination({ ...target, host }, {})).toEqual(["--", host]);
  });
});

describe("the remote command", () => {
  it.each(["none", "sudo", "sudo-password"] as const)("is one that bash, fish and csh read alike (%s)", (become) => {
    const command = remoteCommand("00ff", become);
    expect(command).not.toMatch(/[!\\\n]/);
    expect(command.split("'")).toHaveLength(become === "none" ? 3 : 5);
  });

  it("asks sudo for no more than a shell", () => {
    expect(remoteCommand("00ff", "sudo")).toContain('exec env LC_ALL=C sudo -n -- /bin/sh -c "$1"');
  });
});
