/**
 * Which ciphers to ask ssh for. By default it prefers ChaCha20, which is best without AES in the processor and takes
 * twice as long with it: most of what it costs to send a host etcd's binaries.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { userInfo } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";

/** All that every OpenSSH since 6.5 offers by default, so that no host is lost by it; only the order is another. */
const aesFirst =
  "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr";

/** Options for ssh; none where the operator's or the system's own configuration may have chosen ciphers. */
export function cipherOptions(environment: NodeJS.ProcessEnv): string[] {
  if (!hasAes() || isRestricted()) return [];
  const config = environment["QUORATE_SSH_CONFIG"];
  const files =
    config === undefined || config === "" ? [join(ownFolder(), ".ssh", "config"), "/etc/ssh/ssh_config"] : [config];
  return files.some((file) => mayChooseCiphers(file)) ? [] : ["-o", `Ciphers=${aesFirst}`];
}

/** As ssh takes it: from the system's accounts, whatever HOME says. */
function ownFolder(): string {
  try {
    return userInfo().homedir;
  } catch {
    return "/nonexistent";
  }
}

/** What cannot be followed may hold anything. */
export function mayChooseCiphers(file: string, depth = 0): boolean {
  const text = textOf(file);
  if (text === undefined) return false;
  if (/^\s*"?ciphers\b/im.test(text)) return true;
  return [...text.matchAll(/^\s*"?include\b"?[\s=]+(.*)$/gim)].some(([, patterns = ""]) =>
    patterns
      .trim()
      .split(/\s+/)
      .some((pattern) => {
        const files = matching(pattern);
        return depth > 4 || files === undefined || files.some((one) => mayChooseCiphers(one, depth + 1));
      }),
  );
}

/** Files that an Include means; undefined when only ssh can tell. */
function matching(pattern: string): string[] | undefined {
  const folder = dirname(pattern);
  if (!isAbsolute(pattern) || /[^\w./*-]/.test(pattern) || folder.includes("*")) return undefined;
  const [start = "", end, ...more] = basename(pattern).split("*");
  if (end === undefined) return [pattern];
  if (more.length > 0) return undefined;
  try {
    const names = readdirSync(folder).filter((name) => name.startsWith(start) && name.endsWith(end));
    return names.map((name) => join(folder, name));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? [] : undefined;
  }
}

/** @returns undefined when there is no such file; what may not be read is not read by ssh either */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Every processor names its abilities; the first stands for all. */
const hasAes = (): boolean => /^(?:flags|Features)\s*:.*\baes\b/m.test(beginningOf("/proc/cpuinfo"));

/** In FIPS mode ssh refuses a list that names other ciphers than it may use. */
const isRestricted = (): boolean => beginningOf("/proc/sys/crypto/fips_enabled").startsWith("1");

function beginningOf(file: string): string {
  try {
    const handle = openSync(file, "r");
    try {
      const buffer = Buffer.alloc(8_192);
      return buffer.toString("latin1", 0, readSync(handle, buffer));
    } finally {
      closeSync(handle);
    }
  } catch {
    return "";
  }
}
