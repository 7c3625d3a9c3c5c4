import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { QuorateError } from "../../src/errors.js";
import { openSshShell, type SshTarget } from "../../src/host/ssh.js";
import { fails, fakeSsh, type FakeSsh } from "./fake-ssh.js";

const target: SshTarget = {
  kind: "ssh",
  host: "db1",
  user: "ann",
  port: undefined,
  identity: undefined,
  jump: undefined,
  ports: "direct",
  become: "none",
};

let fake: FakeSsh | undefined;
afterEach(async () => {
  await fake?.remove();
});

/** What asking anything of a host fails with. */
async function failure(
  made: Promise<FakeSsh>,
  change: Partial<SshTarget> = {},
  password?: string,
): Promise<QuorateError> {
  fake = await made;
  const sudoPassword = password === undefined ? undefined : async () => ({ reveal: () => password });
  const shell = openSshShell(
    "b",
    { ...target, ...change },
    { environment: fake.environment, sudoPassword, connectSeconds: 1 },
  );
  const reason = await shell.run({ script: "echo hello" }).then(
    () => undefined,
    (error: unknown) => error,
  );
  await shell.close();
  return reason as QuorateError;
}

describe("what ssh says becomes one clear error", () => {
  it.each([
    ["E_SSH_NAME", "ssh: Could not resolve hostname db1: Name or service not known"],
    [
      "E_SSH_NAME",
      "ssh: Could not resolve hostname jump: Temporary failure in name resolution\nkex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535",
    ],
    ["E_SSH_REFUSED", "ssh: connect to host 10.64.3.7 port 23: Connection refused"],
    ["E_SSH_TIMEOUT", "ssh: connect to host 10.64.3.7 port 22: Connection timed out"],
    ["E_SSH_TIMEOUT", "Connection timed out during banner exchange\nConnection to UNKNOWN port 65535 timed out"],
    ["E_SSH_NO_ROUTE", "ssh: connect to host 192.0.2.1 port 22: Network is unreachable"],
    ["E_SSH_NO_ROUTE", "ssh: connect to host 10.64.3.7 port 22: No route to host"],
    [
      "E_SSH_NOT_SSH",
      "kex_exchange_identification: Connection closed by remote host\nConnection closed by 10.64.3.1 port 8081",
    ],
    [
      "E_SSH_NOT_SSH",
      "kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.64.3.1 port 8082",
    ],
    [
      "E_SSH_NOT_SSH",
      "kex_exchange_identification: No SSH version received in first 1024 lines from server\nbanner exchange: Connection to 10.64.3.1 port 8084: invalid format",
    ],
    [
      "E_SSH_NOT_SSH",
      "Protocol major versions differ: 2 vs. 1\nbanner exchange: Connection to 10.64.3.1 port 8085: could not read protocol version",
    ],
    [
      "E_SSH_ALGORITHMS",
      "Unable to negotiate with 10.64.3.7 port 22: no matching key exchange method found. Their offer: curve25519-sha256",
    ],
    ["E_SSH_CONFIG", "command-line: line 0: Bad configuration option: nosuchthing"],
    ["E_SSH_CONFIG", "Can't open user config file /home/ann/nosuch: No such file or directory"],
    ["E_SSH_CONFIG", "Bad owner or permissions on /home/ann/.ssh/config"],
    ["E_SSH_DENIED", "ann@10.64.3.7: Permission denied (publickey,password)."],
    ["E_SSH_DENIED", "Received disconnect from 10.64.3.7 port 22:2: Too many authentication failures"],
    ["E_SSH_PASSWORD_ONLY", "ann@10.64.3.7: Permission denied (password,keyboard-interactive)."],
    [
      "E_SSH_KEY_UNUSABLE",
      "@  WARNING: UNPROTECTED PRIVATE KEY FILE!  @\nPermissions 0644 for 'id' are too open.\nLoad key \"id\": bad permissions\nann@10.64.3.7: Permission denied (publickey).",
    ],
    ["E_SSH_HOST_KEY_UNKNOWN", "Host key verification failed."],
    [
      "E_SSH_HOST_KEY_UNKNOWN",
      "No ED25519 host key is known for 10.64.3.7 and you have requested strict checking.\nHost key verification failed.",
    ],
    ["E_HOST_UNREACHABLE", "something that no ssh has said so far"],
  ])("%s: %s", async (code, words) => {
    const error = await failure(fakeSsh(fails(words)));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^b: /);
    expect(error.details.where).toBe("db1");
  });

  it("shows ssh's own words", async () => {
    const words = "ssh: connect to host 10.64.3.7 port 23: Connection refused";
    expect((await failure(fakeSsh(fails(words)))).details.found).toBe(words);
  });

  it("says when there is no ssh at all", async () => {
    fake = await fakeSsh("");
    const shell = openSshShell("b", target, { program: join(fake.folder, "absent"), environment: fake.environment });
    await expect(shell.run({ script: ":" })).rejects.toMatchObject({ code: "E_SSH_MISSING" });
  });

  it("does not wait longer for a silent host than told", async () => {
    fake = await fakeSsh("sleep 600");
    const shell = openSshShell("b", target, { environment: fake.environment, connectPatience: 200 });
    await expect(shell.run({ script: ":" })).rejects.toMatchObject({ code: "E_SSH_TIMEOUT" });
  });
});

describe("a host key", () => {
  const config = "echo hostname 10.64.3.7; echo port 2222; echo proxyjump none";
  const changed = [
    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @",
    "The fingerprint for the ED25519 key sent by the remote host is",
    "SHA256:U3EGDkuo94OxRawEFkA62VyY/CfveZhnWCmX9SEXacc.",
    "Offending ED25519 key in /home/ann/.ssh/known_hosts:1",
    "Host key verification failed.",
  ].join("\n");

  it("that is unknown is shown with its fingerprint and the command to record it", async () => {
    const tools = {
      "ssh -G": config,
      "ssh-keyscan": 'echo "$4:$5 ssh-ed25519 AAAA"',
      "ssh-keygen":
        "cat >/dev/null; echo '256 SHA256:U3EGDkuo94OxRawEFkA62VyY/CfveZhnWCmX9SEXacc [10.64.3.7]:2222 (ED25519)'",
    };
    const error = await failure(fakeSsh(fails("Host key verification failed."), tools));
    expect(error.details.found).toBe("ED25519 SHA256:U3EGDkuo94OxRawEFkA62VyY/CfveZhnWCmX9SEXacc");
    expect(error.next).toContain("ssh -l ann db1 true");
  });

  it("that has changed is shown with both fingerprints", async () => {
    const tools = {
      "ssh -G": config,
      "ssh-keygen":
        "echo '# Host 10.64.3.7 found: line 1'; echo '10.64.3.7 ED25519 SHA256:recorded0000000000000000000000000000000000000'",
    };
    const error = await failure(fakeSsh(fails(changed), tools));
    expect(error.code).toBe("E_SSH_HOST_KEY_CHANGED");
    expect(error.details.found).toBe("SHA256:U3EGDkuo94OxRawEFkA62VyY/CfveZhnWCmX9SEXacc");
    expect(error.details.expected).toContain("SHA256:recorded");
    expect(error.next).toContain("ssh-keygen -R '[10.64.3.7]:2222' -f /home/ann/.ssh/known_hosts");
  });
});

describe("a refused key", () => {
  const denied = "ann@10.64.3.7: Permission denied (publickey).";
  const openSshKey = (cipher: string): string => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(cipher.length);
    const body = Buffer.concat([
      Buffer.from("openssh-key-v1\0"),
      length,
      Buffer.from(cipher),
      Buffer.alloc(40),
    ]).toString("base64");
    return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
  };
  const fakeWithKey = async (cipher: string, agent = "exit 1"): Promise<FakeSsh> => {
    const made = await fakeSsh(fails(denied), {
      "ssh -G": 'echo user ann; echo identityfile "~/id"; echo identityfile "~/absent"',
      "ssh-keygen": 'echo "256 SHA256:abcdef ann@laptop (ED25519)"',
      "ssh-add": agent,
    });
    await writeFile(join(made.folder, "id"), openSshKey(cipher));
    return made;
  };

  it("is listed with its fingerprint", async () => {
    const error = await failure(fakeWithKey("none", 'echo "256 SHA256:fromagent ann@laptop (ED25519)"'));
    expect(error.code).toBe("E_SSH_DENIED");
    expect(error.details.found).toContain("agent: 256 SHA256:fromagent");
    expect(error.details.found).toContain("/id: 256 SHA256:abcdef");
  });

  it("that is encrypted and in no agent is named as the reason", async () => {
    const error = await failure(fakeWithKey("aes256-ctr"));
    expect([error.code, error.next]).toEqual(["E_SSH_KEY_UNUSABLE", expect.stringContaining("ssh-add")]);
  });

  it("that is encrypted but in the agent is not the reason", async () => {
    expect((await failure(fakeWithKey("aes256-ctr", 'echo "256 SHA256:abcdef ann@laptop (ED25519)"'))).code).toBe(
      "E_SSH_DENIED",
    );
  });
});

describe("sudo", () => {
  const sudo = { become: "sudo" } as const;
  it.each([
    ["E_SUDO_PASSWORD_NEEDED", "sudo: a password is required"],
    ["E_SUDO_TTY", "sudo: sorry, you must have a tty to run sudo"],
    ["E_SUDO_REFUSED", "ann is not in the sudoers file."],
    ["E_SUDO_REFUSED", "Sorry, user ann is not allowed to execute '/bin/sh' as root on db1."],
  ])("%s: %s", async (code, words) => {
    expect((await failure(fakeSsh("run", { sudo: `echo ${JSON.stringify(words)} >&2; exit 1` }), sudo)).code).toBe(
      code,
    );
  });

  it("may be missing", async () => {
    expect((await failure(fakeSsh("echo \"env: 'sudo': No such file or directory\" >&2; exit 127"), sudo)).code).toBe(
      "E_SUDO_REFUSED",
    );
  });

  /** Like sudo -S -p PROMPT -- COMMAND: asks until the password is right. */
  const asking = [
    'prompt=$3; shift 4; while :; do printf %s "$prompt" >&2; IFS= read -r answer || { echo "sudo: no password was provided" >&2; exit 1; }',
    '[ "$answer" = "correct horse" ] && exec "$@"; echo "Sorry, try again." >&2; done',
  ].join("\n");
  const withPassword = { become: "sudo-password" } as const;

  it("gets the password when it asks", async () => {
    fake = await fakeSsh("run", { sudo: asking });
    const options = { environment: fake.environment, sudoPassword: async () => ({ reveal: () => "correct horse" }) };
    const shell = openSshShell("b", { ...target, ...withPassword }, options);
    expect((await shell.run({ script: "echo root here" })).stdout.toString()).toBe("root here\n");
    await shell.close();
  });

  it("is not given the password on any command line", async () => {
    fake = await fakeSsh("run", { sudo: asking });
    const shell = openSshShell(
      "b",
      { ...target, ...withPassword },
      { environment: fake.environment, sudoPassword: async () => ({ reveal: () => "correct horse" }) },
    );
    await shell.run({ script: ":" });
    await shell.close();
    expect(await readFile(join(fake.folder, "argv"), "utf8")).not.toContain("correct horse");
  });

  it("is not given a password that it does not ask for", async () => {
    let asked = 0;
    fake = await fakeSsh("run", { sudo: 'shift 4; exec "$@"' });
    const sudoPassword = async (): Promise<{ reveal(): string }> => {
      asked += 1;
      return { reveal: () => "x" };
    };
    const shell = openSshShell("b", { ...target, ...withPassword }, { environment: fake.environment, sudoPassword });
    expect((await shell.run({ script: "echo in" })).stdout.toString()).toBe("in\n");
    await shell.close();
    expect(asked).toBe(0);
  });

  it("is not needed by a login that turns out to be root's", async () => {
    fake = await fakeSsh("run", { sudo: "exit 1", id: "echo 0" });
    const shell = openSshShell("b", { ...target, ...sudo }, { environment: fake.environment });
    expect((await shell.run({ script: "echo in" })).stdout.toString()).toBe("in\n");
    await shell.close();
  });

  it("tries a wrong password once", async () => {
    const counting = asking.replace('[ "$answer"', 'echo x >>"$HOME/tries"; [ "$answer"');
    const error = await failure(fakeSsh("run", { sudo: counting }), withPassword, "wrong");
    expect(error.code).toBe("E_SUDO_PASSWORD_WRONG");
    expect(await readFile(join((fake as FakeSsh).folder, "tries"), "utf8")).toBe("x\n");
  });

  it("wants a password that nobody has", async () => {
    expect((await failure(fakeSsh("run", { sudo: asking }), withPassword)).code).toBe("E_SUDO_PASSWORD_NEEDED");
  });
});

describe("the login shell", () => {
  it("that refuses is shown with its words", async () => {
    const error = await failure(fakeSsh("echo This account is currently not available.; exit 1"));
    expect([error.code, error.details.found]).toEqual(["E_LOGIN_SHELL", "This account is currently not available."]);
  });

  it("that talks without end is given up", async () => {
    expect((await failure(fakeSsh("yes '[menu] press a key'"))).code).toBe("E_LOGIN_SHELL");
  });

  it("may greet", async () => {
    fake = await fakeSsh("echo Welcome; echo Unauthorised use is prohibited. >&2; run");
    const shell = openSshShell("b", target, { environment: fake.environment });
    const answer = await shell.run({ script: "echo mine" });
    await shell.close();
    expect([answer.stdout.toString(), answer.stderr]).toEqual(["mine\n", ""]);
  });
});

it("names a connection that is lost later differently from one that never was", async () => {
  fake = await fakeSsh("run");
  const shell = openSshShell("b", target, { environment: fake.environment });
  await shell.run({ script: ":" });
  const lost = shell.run({ script: "kill -KILL $$; sleep 5" });
  await expect(lost).rejects.toMatchObject({ code: "E_HOST_LOST" });
});
