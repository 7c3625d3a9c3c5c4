import fc from "fast-check";
import { existsSync, statSync, watch } from "node:fs";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandsFor } from "../../src/host/commands.js";
import type { HostAction } from "../../src/host/host.js";
import { openLocalShell } from "../../src/host/local-shell.js";
import { localTrial, me, type LocalTrial } from "./local-trial.js";

const script = (action: HostAction): string => commandsFor([action])[0]?.script ?? "";

describe("what an action becomes", () => {
  it("starts without waiting, and forgets earlier failures first", () => {
    expect(script({ do: "start", unit: "etcd" })).toBe(
      "systemctl reset-failed 'etcd.service' 2>/dev/null\nsystemctl start --no-block 'etcd.service'",
    );
  });

  it("makes systemd read its units once, after enabling", () => {
    const scripts = commandsFor([{ do: "reload-units" }, { do: "enable", unit: "etcd" }]).map(
      (command) => command.script,
    );
    expect(scripts).toEqual(["systemctl enable --quiet --no-reload 'etcd.service'", "systemctl daemon-reload"]);
  });

  it("makes systemd read its units when it only enables", () => {
    expect(script({ do: "enable", unit: "etcd" })).toBe("systemctl enable --quiet 'etcd.service'");
  });

  it("stops with a grace time and then with SIGKILL", () => {
    expect(script({ do: "stop", unit: "etcd", graceSeconds: 20 })).toMatch(
      /timeout 20 systemctl stop 'etcd.service'[\s\S]*--signal=KILL/,
    );
  });

  it("is patient with a stop for longer than the grace time", () => {
    expect(commandsFor([{ do: "stop", unit: "etcd", graceSeconds: 300 }])[0]?.patience).toBeGreaterThan(300_000);
  });

  it("makes users with useradd or systemd-sysusers", () => {
    const made = script({ do: "make-user", name: "etcd", group: "etcd", home: "/var/lib/etcd" });
    expect(made).toMatch(
      /useradd --system --gid 'etcd' --home-dir '\/var\/lib\/etcd' --no-create-home --shell \/usr\/sbin\/nologin 'etcd'/,
    );
    expect(made).toContain("systemd-sysusers -");
  });

  it("hashes nothing twice: what was just verified is sealed as it is", () => {
    const bytes = async (): Promise<Uint8Array> => new Uint8Array();
    const digest = "ab".repeat(32);
    const put: HostAction = {
      do: "put-file",
      path: "/opt/e/etcd",
      mode: "0755",
      owner: "root",
      group: "root",
      sha256: digest,
      bytes,
    };
    expect(commandsFor([put, { do: "seal-release", path: "/opt/e" }])[1]?.script).toContain(`'etcd') h='${digest}';;`);
  });

  it("sends small files of one folder and one owner together, and binaries one by one", () => {
    const put = (path: string, more: { owner?: string; file?: string } = {}): HostAction => ({
      do: "put-file",
      path,
      mode: "0600",
      owner: "root",
      group: "root",
      sha256: "ab".repeat(32),
      bytes: async () => new Uint8Array(),
      ...more,
    });
    const intents = commandsFor([
      ...[put("/e/a"), put("/e/b"), put("/e/c", { owner: "etcd" }), put("/f/d")],
      ...[put("/f/etcd", { file: "/cache/etcd" }), put("/f/etcdctl", { file: "/cache/etcdctl" })],
    ]).map(({ intent }) => intent);
    expect(intents).toEqual([
      "write a, b in /e",
      "write /e/c",
      "write /f/d",
      "write /f/etcd",
      "write /f/etcdctl",
      "sync folders",
    ]);
  });

  it("makes folders that follow each other together", () => {
    const folder = (path: string, mode: string, owner: string): HostAction => ({
      ...{ do: "make-directory", path, mode, owner, group: owner },
    });
    const [command, ...others] = commandsFor([
      folder("/a", "0700", "root"),
      folder("/a/b", "0755", "etcd"),
      folder("/c", "0700", "etcd"),
      { do: "start", unit: "etcd" },
    ]);
    expect(command?.intent).toBe("make the folders /a, /a/b, /c");
    expect(command?.script.split("\n").filter((line) => /^chmod|chown/.test(line))).toEqual([
      `[ "$u" != 0 ] || chown -- 'root':'root' '/a'`,
      `[ "$u" != 0 ] || chown -- 'etcd':'etcd' '/a/b' '/c'`,
      "chmod -- 0700 '/a' '/c'",
      "chmod -- 0755 '/a/b'",
    ]);
    expect(others.map(({ intent }) => intent)).toEqual(["start etcd"]);
  });

  it("syncs changed folders once, at the end", () => {
    const bytes = async (): Promise<Uint8Array> => new Uint8Array();
    const put = (path: string): HostAction => ({
      do: "put-file",
      path,
      mode: "0600",
      owner: "root",
      group: "root",
      sha256: "ab".repeat(32),
      bytes,
    });
    const last = commandsFor([put("/e/a"), put("/e/b"), put("/f/c")]).at(-1);
    expect(last?.script.match(/set -- "\$@"/g)).toHaveLength(2);
  });

  it.each<HostAction>([
    { do: "remove", path: "/" },
    { do: "remove", path: "/var/lib" },
    { do: "remove", path: "relative" },
    { do: "move-aside", path: "/etc", to: "/etc.old" },
    { do: "make-user", name: "root; id", group: "etcd", home: "/x" },
    { do: "make-directory", path: "/x", mode: "0755; id", owner: "root", group: "root" },
    { do: "start", unit: "etcd; reboot" },
    { do: "make-key", path: "/k", algorithm: "md5", owner: "root", group: "root", csr: () => undefined },
  ])("refuses %j before anything is sent", (action) => {
    expect(() => commandsFor([action])).toThrow(expect.objectContaining({ code: "E_HOST_VALUE" }));
  });

  it("carries no bytes of a file in its script", () => {
    const bytes = async (): Promise<Uint8Array> => new TextEncoder().encode("PRIVATE KEY");
    const put: HostAction = {
      do: "put-file",
      path: "/e/key",
      mode: "0600",
      owner: "root",
      group: "root",
      sha256: "ab".repeat(32),
      bytes,
    };
    expect(JSON.stringify(commandsFor([put]))).not.toContain("PRIVATE KEY");
  });
});

describe("on a real machine", () => {
  let trial: LocalTrial;
  beforeEach(async () => {
    trial = await localTrial();
  });
  afterEach(async () => {
    await trial.remove();
  });

  const names = fc.string({
    unit: fc.constantFrom("'", '"', ";", "$", "(", ")", "`", "\\", " ", "*", "&", "|", ">", "a", "#", "!", "~"),
    minLength: 1,
    maxLength: 20,
  });

  it("a hostile name is a name and nothing else", async () => {
    const host = trial.open();
    await writeFile(join(trial.folder, "canary"), "alive");
    await fc.assert(
      fc.asyncProperty(names, names, async (name, other) => {
        const folder = `d-${name}`;
        await host.act([
          { do: "make-directory", path: join(trial.folder, folder), mode: "0700", ...me },
          trial.put(`${folder}/f-${name}`, other),
          { do: "append", path: join(trial.folder, folder, `f-${name}`), text: name },
          { do: "link", path: join(trial.folder, folder, "live"), target: join(trial.folder, `t-${other}`) },
        ]);
        const seen = await trial.look(host, {
          texts: [join(trial.folder, folder, `f-${name}`)],
          stats: [join(trial.folder, folder, "live")],
        });
        expect(Object.values(seen.texts)).toEqual([`${other}\n${name}`]);
        expect(Object.values(seen.stats)[0]?.target).toBe(join(trial.folder, `t-${other}`));
        expect((await readdir(join(trial.folder, folder))).sort()).toEqual([`f-${name}`, "live"].sort());
        await host.act([{ do: "remove", path: join(trial.folder, folder) }]);
        expect((await readdir(trial.folder)).sort()).toEqual(["canary"]);
      }),
      { numRuns: 15 },
    );
  });

  it("a failed upload leaves nothing behind", async () => {
    const host = trial.open();
    const wrong = { ...trial.put("f", "x"), sha256: "ab".repeat(32) } as HostAction;
    await expect(host.act([wrong])).rejects.toMatchObject({ code: "E_HOST_DIGEST" });
    expect(await readdir(trial.folder)).toEqual([]);
  });

  it("an upload whose connection is killed leaves nothing that the next one does not remove", async () => {
    const shell = openLocalShell("a");
    await shell.run({ script: ":" });
    const [command] = commandsFor([trial.put("f", "x")]);
    const script = (command?.script ?? "").replace("cat > new", () => "cat > new; kill -KILL $$; kill -KILL 0");
    const cut = shell.run({ script, payload: async () => new Uint8Array(9) });
    await expect(cut).rejects.toMatchObject({ code: "E_HOST_LOST" });
    await shell.close();
    await expect.poll(async () => (await readdir(trial.folder)).length).toBe(1);
    await trial.open().act([trial.put("f", "whole")]);
    expect(await readdir(trial.folder)).toEqual(["f"]);
  });

  it.each([
    ["there", "", 0],
    ["not there", "command() { return 1; }; openssl() { exit 1; }; ", 0],
    ["broken", "openssl() { echo oh; return 1; }; ", 0],
    ["wrong", `openssl() { echo "${"0".repeat(64)} *stdin"; }; `, 81],
  ])("a binary is verified with an openssl that is %s", async (_, before, status) => {
    const shell = openLocalShell("a");
    const [command] = commandsFor([{ ...trial.put("etcd", "binary"), file: "/cache/etcd" } as HostAction]);
    const answer = await shell.run({
      script: `${before}${command?.script ?? ""}`,
      payload: async () => new TextEncoder().encode("binary"),
    });
    await shell.close();
    expect(answer.status).toBe(status);
    expect(await readdir(trial.folder)).toEqual(status === 0 ? ["etcd"] : []);
  });

  it("keys are never wider than asked, not for a moment", async () => {
    const host = trial.open();
    const modes = new Set<number>();
    const watcher = watch(trial.folder, { recursive: true }, (_, name) => {
      try {
        if (name !== null && name !== "") modes.add(statSync(join(trial.folder, name)).mode & 0o077);
      } catch {
        // Gone again already.
      }
    });
    for (let round = 0; round < 20; round += 1) await host.act([trial.put("key.pem", "secret", "0600")]);
    watcher.close();
    expect([...modes].filter((mode) => mode !== 0)).toEqual([]);
  });

  it("a link in the place of the file is replaced, and its target is left alone", async () => {
    await writeFile(join(trial.folder, "victim"), "untouched");
    await symlink(join(trial.folder, "victim"), join(trial.folder, "f"));
    await trial.open().act([trial.put("f", "new")]);
    expect([
      await readFile(join(trial.folder, "victim"), "utf8"),
      await readFile(join(trial.folder, "f"), "utf8"),
    ]).toEqual(["untouched", "new"]);
  });

  it("a folder in the place of the file is not replaced", async () => {
    await mkdir(join(trial.folder, "f"));
    await expect(trial.open().act([trial.put("f", "new")])).rejects.toMatchObject({ code: "E_HOST_IN_THE_WAY" });
  });

  it("a line that a killed writer left unfinished does not swallow the next", async () => {
    await writeFile(join(trial.folder, "log"), '{"torn":');
    await trial.open().act([{ do: "append", path: join(trial.folder, "log"), text: "whole\n" }]);
    expect(await readFile(join(trial.folder, "log"), "utf8")).toBe('{"torn":\nwhole\n');
  });

  it("removing a link does not remove what it points at", async () => {
    await mkdir(join(trial.folder, "kept"));
    await symlink(join(trial.folder, "kept"), join(trial.folder, "link"));
    await trial.open().act([{ do: "remove", path: join(trial.folder, "link") }]);
    expect(existsSync(join(trial.folder, "kept"))).toBe(true);
  });

  it.each(["ecdsa-p256", "ecdsa-p384", "rsa-2048", "ed25519"])(
    "makes a key (%s) that stays, and a request for it",
    async (algorithm) => {
      const requests: string[] = [];
      const host = trial.open();
      const action: HostAction = {
        do: "make-key",
        path: join(trial.folder, "key.pem"),
        algorithm,
        ...me,
        csr: (pem) => requests.push(pem),
      };
      await host.act([action]);
      const key = await readFile(join(trial.folder, "key.pem"), "utf8");
      await host.act([action]);
      expect(key).toContain("BEGIN PRIVATE KEY");
      expect(await readFile(join(trial.folder, "key.pem"), "utf8")).toBe(key);
      expect(requests).toHaveLength(2);
      expect(requests[0]).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----/);
      expect((await trial.look(host, { stats: [action.path] })).stats[action.path]?.mode).toBe("0600");
    },
  );
});
