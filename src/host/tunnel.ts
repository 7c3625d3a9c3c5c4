/**
 * Ports that only a host itself, or its jump host, can reach: each is led through the operator's own ssh to a socket in a
 * private folder. One connection per host, opened when the first port is asked for, and again when it broke.
 */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { QuorateError } from "../errors.js";
import { sshDestination, sshLimits, type SshOptions, type SshTarget } from "./ssh.js";

export interface Port {
  readonly host: string;
  readonly port: number;
}

export interface Tunnel {
  /** Path of a local socket that leads to this port, one of those the tunnel was opened for. @throws QuorateError E_SSH_* */
  pathTo(port: Port): Promise<string>;
  begin(): Promise<void>;
  close(): void;
}

/** Milliseconds between looks for the sockets, which ssh makes once it is let in. */
const pause = 15;
/** Bytes of what ssh says that are kept. */
const wordsLimit = 16_384;

/** Connects to nothing yet. */
export function openTunnel(name: string, target: SshTarget, ports: readonly Port[], options: SshOptions = {}): Tunnel {
  const folder = mkdtempSync(join(tmpdir(), "quorate-tunnel-"));
  let current: { readonly child: Connected; readonly open: Promise<void> } | undefined;
  const nameOf = ({ host, port }: Port): string =>
    `${ports.findIndex((one) => one.host === host && one.port === port)}`;

  function connect(): { readonly child: Connected; readonly open: Promise<void> } {
    const generation = mkdtempSync(join(folder, "s"));
    const argv = tunnelArguments(
      target,
      ports.map((port) => [join(generation, nameOf(port)), port]),
      options,
    );
    const env = { ...(options.environment ?? process.env), LC_ALL: "C" };
    const child = spawn(options.program ?? "ssh", argv, { detached: true, stdio: ["pipe", "ignore", "pipe"], env });
    child.unref();
    const made = {
      child: Object.assign(child, { generation }),
      open: sockets(name, target, child, generation, ports.length, options),
    };
    const forget = (): void => {
      if (current === made) current = undefined;
    };
    child.once("exit", forget);
    child.once("error", forget);
    return made;
  }

  const begun = (): NonNullable<typeof current> => (current ??= connect());
  return {
    async pathTo(port) {
      const { child, open } = begun();
      await open;
      return join(child.generation, nameOf(port));
    },
    begin: () => begun().open,
    close() {
      current?.child.stdin.end();
      current?.child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Child = ChildProcessByStdio<Writable, null, Readable>;
type Connected = Child & { readonly generation: string };

/**
 * A command that waits for the end of its input ends with quorate, however quorate ends. An existing master connection is
 * left alone: it would keep the forwarding behind.
 */
export function tunnelArguments(
  target: SshTarget,
  forwards: readonly (readonly [path: string, to: Port])[],
  { connectSeconds = 10, environment = process.env }: SshOptions = {},
): string[] {
  const limits = sshLimits(connectSeconds).map((word) =>
    word === "ClearAllForwardings=yes" ? "ClearAllForwardings=no" : word,
  );
  const inBrackets = (host: string): string => (host.includes(":") ? `[${host}]` : host);
  return [
    ...["-T", "-e", "none", ...limits, "-o", "ControlPath=none", "-o", "StreamLocalBindMask=0177"],
    ...forwards.flatMap(([path, { host, port }]) => ["-L", `${path}:${inBrackets(host)}:${port}`]),
    ...sshDestination(target, environment),
    "exec cat >/dev/null",
  ];
}

/** Resolves when all sockets are there. @throws QuorateError saying why ssh did not get in */
async function sockets(
  name: string,
  target: SshTarget,
  child: Child,
  folder: string,
  count: number,
  options: SshOptions,
): Promise<void> {
  let words = "";
  let ended: { status: number | undefined; cause?: unknown } | undefined;
  child.stderr.on("data", (chunk: Buffer) => (words = (words + chunk.toString("utf8")).slice(-wordsLimit)));
  child.stdin.on("error", () => undefined);
  child.once("error", (cause) => (ended = { status: undefined, cause }));
  child.once("exit", (status) => (ended ??= { status: status ?? undefined }));
  const patience = options.connectPatience ?? ((options.connectSeconds ?? 10) * 2 + 25) * 1_000;
  const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)));
  for (let waited = 0; ended === undefined && waited < patience; waited += pause) {
    if (paths.every((path) => existsSync(path))) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  child.kill();
  throw await explained(name, target, options, words, ended);
}

async function explained(
  name: string,
  target: SshTarget,
  options: SshOptions,
  stderr: string,
  ended: { status: number | undefined; cause?: unknown } | undefined,
): Promise<QuorateError> {
  const { explainSsh } = await import("./ssh-failure.js");
  const reason = ended === undefined ? "silence" : ended.cause === undefined ? "exit" : "spawn";
  const ending = { status: ended?.status, ready: false, chatter: "", stderr, reason, cause: ended?.cause } as const;
  return explainSsh(name, target, options, ending);
}
