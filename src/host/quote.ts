/**
 * The only quoting in the product: how a value becomes one word of POSIX shell, and which paths and names may go to a
 * host at all. Values go into scripts only through here.
 */
import { posix } from "node:path";
import { QuorateError } from "../errors.js";

/** One word of POSIX sh that is exactly this text. @throws QuorateError E_HOST_VALUE for a NUL, which no word can hold */
export function quote(text: string): string {
  if (text.includes("\0")) throw refuse("a value for a host holds a NUL character", text);
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * A quoted absolute path without `.`, `..`, doubled slashes or control characters.
 * @throws QuorateError E_HOST_VALUE
 */
export function quotePath(path: string): string {
  if (!path.startsWith("/") || posix.normalize(path) !== path || (path.endsWith("/") && path !== "/")) {
    throw refuse("a path on a host must be absolute and plain", path);
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(path)) throw refuse("a path on a host holds a control character", path);
  return quote(path);
}

/** A quoted user or group name as useradd accepts it. @throws QuorateError E_HOST_VALUE */
export function quoteAccount(name: string): string {
  if (!/^[a-z_][a-z0-9_.-]{0,30}\$?$/i.test(name)) throw refuse("not a user or group name", name);
  return quote(name);
}

/** A quoted systemd service unit name, `.service` added. @throws QuorateError E_HOST_VALUE */
export function quoteUnit(unit: string): string {
  const plain = unit.endsWith(".service") ? unit.slice(0, -".service".length) : unit;
  if (!/^[A-Za-z0-9_.:@\\][A-Za-z0-9_.:@\\-]{0,200}$/.test(plain)) throw refuse("not the name of a systemd unit", unit);
  return quote(`${plain}.service`);
}

/** An octal mode such as 0600. @throws QuorateError E_HOST_VALUE */
export function quoteMode(mode: string): string {
  if (!/^[0-7]{3,4}$/.test(mode)) throw refuse("not an octal file mode", mode);
  return mode;
}

const protectedFolders = new Set([
  ...[
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib32",
    "/lib64",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
  ],
  ...["/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/var", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin"],
  ...[
    "/usr/sbin",
    "/usr/share",
    "/etc/systemd",
    "/etc/systemd/system",
    "/etc/ssl",
    "/etc/kubernetes",
    "/etc/kubernetes/ssl",
  ],
  ...["/var/lib", "/var/log", "/var/cache", "/var/tmp", "/var/run", "/var/spool"],
]);

/** A quoted path that may be removed or moved: never a folder that the operating system owns. @throws QuorateError E_HOST_VALUE */
export function quoteOwnPath(path: string): string {
  const quoted = quotePath(path);
  if (protectedFolders.has(path))
    throw refuse("quorate does not remove or move a folder of the operating system", path);
  return quoted;
}

function refuse(message: string, found: string): QuorateError {
  return new QuorateError("E_HOST_VALUE", message, { found: JSON.stringify(found) });
}
