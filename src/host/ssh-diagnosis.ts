/**
 * What a person needs to mend a refused connection: fingerprints of host keys and of the keys that ssh offers. Asked of
 * OpenSSH's own tools, only after a failure; none of it can fail the run further.
 */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { sshDestination, type SshOptions, type SshTarget } from "./ssh.js";

interface HostKeyDetails {
  found?: string;
  expected?: string;
  next: string;
}

/** Fingerprints of a host key that is not known, or of the recorded and the offered one. */
export async function hostKeyDetails(
  code: "E_SSH_HOST_KEY_UNKNOWN" | "E_SSH_HOST_KEY_CHANGED",
  target: SshTarget,
  options: SshOptions,
  words: string,
): Promise<HostKeyDetails> {
  const config = await effectiveConfig(target, options);
  const address = config("hostname")[0] ?? target.host;
  const port = config("port")[0] ?? "22";
  const recordedAs = config("hostkeyalias")[0] ?? (port === "22" ? address : `[${address}]:${port}`);
  if (code === "E_SSH_HOST_KEY_CHANGED") {
    const offered = /SHA256:[A-Za-z0-9+/]+/.exec(words)?.[0];
    const file = /Offending \S+ key in (\S+?):\d+/.exec(words)?.[1];
    const listed = file === undefined ? "" : await ask("ssh-keygen", ["-l", "-F", recordedAs, "-f", file], options);
    const recorded = [...listed.matchAll(/SHA256:[A-Za-z0-9+/]+/g)].map(([print]) => print);
    return {
      ...(offered === undefined ? {} : { found: offered }),
      expected: recorded.length === 0 ? `the key recorded in ${file ?? "known_hosts"}` : recorded.join(", "),
      next: `find out why the key changed; only if the host was really reinstalled: ssh-keygen -R '${recordedAs}'${file === undefined ? "" : ` -f ${file}`}`,
    };
  }
  const behindJump = (config("proxyjump")[0] ?? "none") !== "none" || (config("proxycommand")[0] ?? "none") !== "none";
  const scanned = behindJump ? "" : await ask("ssh-keyscan", ["-T", "5", "-p", port, address], options);
  const prints = scanned === "" ? "" : await ask("ssh-keygen", ["-l", "-f", "-"], options, scanned);
  const offered = prints.split("\n").flatMap((line) => {
    const [, print, , kind] = /^\d+ (SHA256:\S+) (.*) \((\S+)\)$/.exec(line.trim()) ?? [];
    return print === undefined ? [] : [`${kind} ${print}`];
  });
  const command = ["ssh", ...sshDestination(target, options.environment).filter((word) => word !== "--"), "true"].join(
    " ",
  );
  return {
    ...(offered.length === 0 ? {} : { found: offered.join(", ") }),
    next: `compare the fingerprint with the host's own (on its console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub); then record it: ${command}`,
  };
}

/** Which keys ssh offers, in its order, and the first of them that needs a passphrase nobody can type. */
export async function deniedDetails(
  target: SshTarget,
  options: SshOptions,
  words: string,
): Promise<{ found: string; next?: string; encrypted?: string }> {
  const config = await effectiveConfig(target, options);
  const agent = (await ask("ssh-add", ["-l"], options)).split("\n").filter((line) => line.includes("SHA256:"));
  const files = await Promise.all(
    config("identityfile").map((file) =>
      describeKey(file.replace(/^~(?=\/)/, options.environment?.["HOME"] ?? homedir()), options),
    ),
  );
  const keys = files.filter((key) => key !== undefined);
  const offered = [...agent.map((line) => `agent: ${line}`), ...keys.map(({ path, print }) => `${path}: ${print}`)];
  const locked = keys.find(
    ({ path, print, encrypted }) =>
      encrypted && !agent.some((line) => line.includes(/SHA256:\S+/.exec(print)?.[0] ?? path)),
  );
  const user = config("user")[0] ?? target.user ?? "the user";
  return {
    found: `${lastLine(words)}; offered ${offered.length === 0 ? "no key" : offered.join("; ")}`,
    ...(locked === undefined
      ? {
          next: `add one of these public keys for ${user} on the host, for example with ssh-copy-id, or correct the user or the identity`,
        }
      : { next: `load it first: ssh-add ${locked.path}`, encrypted: locked.path }),
  };
}

async function describeKey(
  path: string,
  options: SshOptions,
): Promise<{ path: string; print: string; encrypted: boolean } | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const print = (await ask("ssh-keygen", ["-l", "-f", path], options)).trim();
  return { path, print: print === "" ? "no fingerprint can be had" : print, encrypted: isEncrypted(text) };
}

/** An OpenSSH key names its cipher right after its magic; older formats say ENCRYPTED. */
export function isEncrypted(keyFile: string): boolean {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(keyFile)?.[1];
  if (body === undefined) return keyFile.includes("ENCRYPTED");
  const bytes = Buffer.from(body, "base64");
  const magic = Buffer.from("openssh-key-v1\0");
  if (!bytes.subarray(0, magic.length).equals(magic) || bytes.length < magic.length + 4) return false;
  const length = bytes.readUInt32BE(magic.length);
  return bytes.subarray(magic.length + 4, magic.length + 4 + Math.min(length, 64)).toString("latin1") !== "none";
}

/** `ssh -G`: what ssh's configuration amounts to for this host, by lower-case keyword. */
async function effectiveConfig(target: SshTarget, options: SshOptions): Promise<(keyword: string) => string[]> {
  const lines = (
    await ask(options.program ?? "ssh", ["-G", ...sshDestination(target, options.environment)], options)
  ).split("\n");
  return (keyword) =>
    lines.filter((line) => line.startsWith(`${keyword} `)).map((line) => line.slice(keyword.length + 1));
}

/** Standard output of a tool; empty when it fails or takes longer than ten seconds. */
function ask(program: string, argv: readonly string[], { environment }: SshOptions, input = ""): Promise<string> {
  return new Promise((resolve) => {
    const options = { env: environment, timeout: 10_000, maxBuffer: 1_048_576 };
    const child = execFile(program, [...argv], options, (error, stdout) => resolve(error === null ? stdout : ""));
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
