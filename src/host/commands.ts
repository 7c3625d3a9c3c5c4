/** HostAction → what to run on the host. Pure; values reach a script only through quote.ts. */
import { posix } from "node:path";
import type { Command } from "./command.js";
import type { HostAction } from "./host.js";
import {
  appendText,
  linkTo,
  makeDirectories,
  moveAside,
  putFile,
  putFiles,
  removePath,
  sealRelease,
} from "./file-commands.js";
import { makeKey } from "./key-commands.js";
import { quotePath } from "./quote.js";
import { disableUnit, enableUnit, reloadUnits, startUnit, stopUnit } from "./systemd-commands.js";
import { makeUser } from "./user-commands.js";
import { checkV2Store } from "./v2-store-commands.js";

/**
 * The commands for these actions, in order, and one more that makes renames durable.
 * @throws QuorateError E_HOST_VALUE when an action names something that may not go to a host
 */
export function commandsFor(actions: readonly HostAction[]): Command[] {
  const ordered = reloadLast(actions);
  const commands: Command[] = [];
  for (let index = 0; index < ordered.length;) {
    const folders = foldersFrom(ordered, index);
    const [file, ...others] = smallFilesFrom(ordered, index);
    if (folders.length > 0) commands.push(makeDirectories(...folders));
    else if (file !== undefined && others.length > 0) commands.push(putFiles(file, ...others));
    else commands.push(commandFor(ordered[index] as HostAction, ordered.slice(0, index), ordered.slice(index + 1)));
    index += folders.length > 0 ? folders.length : 1 + others.length;
  }
  const folders = changedFolders(actions);
  return folders.length === 0 ? commands : [...commands, syncFolders(folders)];
}

/** systemctl enables from the file on disk; when that comes before reading the units anew, once is enough for both. */
function reloadLast(actions: readonly HostAction[]): HostAction[] {
  const ordered = [...actions];
  for (let index = 1; index < ordered.length; index += 1) {
    const [before, action] = [ordered[index - 1] as HostAction, ordered[index] as HostAction];
    if (before.do === "reload-units" && (action.do === "enable" || action.do === "disable"))
      ordered.splice(index - 1, 2, action, before);
  }
  return ordered;
}

type PutFile = Extract<HostAction, { do: "put-file" }>;

/** The files that can go together with the one at this place: of one folder and one owner, and no binaries. */
function smallFilesFrom(actions: readonly HostAction[], start: number): PutFile[] {
  const found: PutFile[] = [];
  for (const action of actions.slice(start)) {
    if (action.do !== "put-file" || action.file !== undefined) break;
    const first = found[0] ?? action;
    const fits = posix.dirname(action.path) === posix.dirname(first.path);
    if (!fits || action.owner !== first.owner || action.group !== first.group) break;
    found.push(action);
  }
  return found;
}

function foldersFrom(actions: readonly HostAction[], start: number): Extract<HostAction, { do: "make-directory" }>[] {
  const found = [];
  for (const action of actions.slice(start)) {
    if (action.do !== "make-directory") break;
    found.push(action);
  }
  return found;
}

/** One action. @param earlier, later what comes before and after it, where that changes what is to be done */
export function commandFor(action: HostAction, earlier: readonly HostAction[], later: readonly HostAction[]): Command {
  const reload = !later.some((each) => each.do === "reload-units");
  switch (action.do) {
    case "make-user":
      return makeUser(action);
    case "make-directory":
      return makeDirectories(action);
    case "put-file":
      return putFile(action);
    case "seal-release":
      return sealRelease(action.path, { ...action.verified, ...digestsPutIn(action.path, earlier) });
    case "link":
      return linkTo(action);
    case "move-aside":
      return moveAside(action);
    case "remove":
      return removePath(action.path);
    case "reload-units":
      return reloadUnits();
    case "enable":
      return enableUnit(action.unit, reload);
    case "disable":
      return disableUnit(action.unit, reload);
    case "start":
      return startUnit(action.unit);
    case "stop":
      return stopUnit(action.unit, action.graceSeconds);
    case "append":
      return appendText(action.path, action.text);
    case "make-key":
      return makeKey(action);
    case "check-v2-store":
      return checkV2Store(action);
  }
}

/** Digests that the host itself has just verified, by file name. */
export function digestsPutIn(folder: string, earlier: readonly HostAction[]): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const action of earlier) {
    if (action.do === "put-file" && posix.dirname(action.path) === folder)
      digests[posix.basename(action.path)] = action.sha256;
  }
  return digests;
}

/** Folders in which names change: they are synced at the end, once each. */
export const changedFolders = (actions: readonly HostAction[]): string[] => [
  ...new Set(actions.flatMap((action) => changedFolder(action))),
];

function changedFolder(action: HostAction): string[] {
  switch (action.do) {
    case "put-file":
    case "link":
    case "make-key":
      return [posix.dirname(action.path)];
    case "seal-release":
      return [action.path];
    case "move-aside":
      return [posix.dirname(action.to)];
    default:
      return [];
  }
}

/** A folder that a later action removed needs no sync. */
function syncFolders(folders: readonly string[]): Command {
  const lines = folders.map((folder) => `[ ! -d ${quotePath(folder)} ] || set -- "$@" ${quotePath(folder)}`);
  return { intent: "sync folders", script: ["set --", ...lines, '[ $# = 0 ] || sync -- "$@"'].join("\n") };
}
