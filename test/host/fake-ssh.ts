/** A stand-in for the programs of OpenSSH and for sudo, to have their failures at will. Their words are recorded ones. */
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface FakeSsh {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

/**
 * @param ssh body of a shell script that is run for a connection; `run` in it runs the remote command as sshd would
 * @param tools bodies of further programs, and of `ssh -G` under the name "ssh -G"
 */
export async function fakeSsh(ssh: string, tools: Readonly<Record<string, string>> = {}): Promise<FakeSsh> {
  const folder = await mkdtemp(join(tmpdir(), "quorate-ssh-"));
  const { "ssh -G": config = "", ...others } = tools;
  const connect = [
    `if [ "$1" = -G ]; then ${config === "" ? ":" : config}; exit 0; fi`,
    `printf '%s\\n' "$@" >"${folder}/argv"`,
    'for last; do :; done; run() { exec sh -c "$last"; }',
    ssh,
  ].join("\n");
  for (const [name, body] of Object.entries({
    ssh: connect,
    "ssh-add": "exit 1",
    "ssh-keyscan": "exit 1",
    "ssh-keygen": "exit 1",
    // Whoever runs the tests, the login is not root.
    id: "echo 1000",
    ...others,
  })) {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return {
    folder,
    environment: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A script that says these words as ssh does and fails as ssh does. */
export const fails = (words: string): string => `cat >&2 <<'END'\n${words}\nEND\nexit 255`;
