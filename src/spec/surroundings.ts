/** What a cluster file is read in: its place, the environment, who runs quorate. By default the machine is asked. */
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";

export interface Surroundings {
  /** Absolute path of the cluster file. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Whoever runs quorate: the owner of a local cluster's files. */
  readonly user: string;
  readonly group: string;
  readonly inspect: (path: string) => FileState;
}

/** A file on the operator's machine. `worldWritable` is about the file itself. */
export type FileState =
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "file" | "folder"; readonly worldWritable: boolean };

export interface ReadOptions extends Partial<Omit<Surroundings, "file">> {
  /** Where the text comes from; named in problems, and relative paths start in its folder. */
  readonly file: string;
  /** Default: the current directory. */
  readonly cwd?: string;
}

export function surroundingsOf(options: ReadOptions): Surroundings {
  const { env = process.env, inspect = inspectFile } = options;
  const { file, cwd = process.cwd(), home = homedir() } = options;
  const { user, group } =
    options.user === undefined || options.group === undefined
      ? { ...whoami(), ...definedNames(options) }
      : { user: options.user, group: options.group };
  return { file: resolve(cwd, file), env, home, user, group, inspect };
}

/** A path of the operator's machine, absolute: `~/` is the home, anything else is relative to the cluster file. */
export function operatorPath(surroundings: Surroundings, path: string): string {
  if (path === "~" || path.startsWith("~/")) return join(surroundings.home, path.slice(1));
  return isAbsolute(path) ? resolve(path) : resolve(dirname(surroundings.file), path);
}

function definedNames({ user, group }: ReadOptions): { user?: string; group?: string } {
  return { ...(user === undefined ? {} : { user }), ...(group === undefined ? {} : { group }) };
}

function whoami(): { user: string; group: string } {
  const { username, gid } = userInfo();
  return { user: username, group: groupName(gid) ?? username };
}

/** Node knows no group names; /etc/group is the same on every Linux. */
function groupName(gid: number): string | undefined {
  try {
    const line = readFileSync("/etc/group", "utf8")
      .split("\n")
      .find((each) => each.split(":")[2] === String(gid));
    return line?.split(":")[0];
  } catch {
    return undefined;
  }
}

function inspectFile(path: string): FileState {
  try {
    const stat = statSync(path);
    accessSync(path, stat.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK);
    return { kind: stat.isDirectory() ? "folder" : "file", worldWritable: (stat.mode & 0o002) !== 0 };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    return code === "ENOENT" || code === "ENOTDIR" ? { kind: "missing" } : { kind: "unreadable", why: code };
  }
}
