/** This machine as a host. Members are processes of their own here, without systemd. */
import { userInfo } from "node:os";
import type { Host, HostAction } from "./host.js";
import { changeFiles, isForFiles, type FileAction } from "./local-files.js";
import { lookHere } from "./local-look.js";
import { startOf } from "./local-processes.js";
import { openLocalShell } from "./local-shell.js";
import { ProcessSupervisor } from "./process-supervisor.js";
import { ShellHost, type OwnWork, type ShellHostOptions } from "./shell-host.js";

export interface LocalHostOptions extends ShellHostOptions {
  /** The run script that stands for a systemd unit. Absolute. */
  readonly unitPath: string;
}

/** @param name how the host is called in messages; a member's name */
export function openLocalHost(name: string, options: LocalHostOptions): Host {
  const supervisor = new ProcessSupervisor(name, options.unitPath, options.state);
  const work: OwnWork = {
    does: (action) => isForFiles(action) || isForMember(action),
    async perform(actions, mayChange, progress) {
      let files: FileAction[] = [];
      for (const action of actions) {
        if (isForFiles(action)) {
          files.push(action);
          continue;
        }
        await changeFiles(files, { name, mayChange, progress });
        files = [];
        mayChange();
        if (action.do === "start") await supervisor.start();
        if (action.do === "stop") await supervisor.stop(action.graceSeconds * 1_000);
      }
      await changeFiles(files, { name, mayChange, progress });
    },
    look: lookHere,
    lives: ({ pid }) => pid !== undefined && startOf(pid) !== undefined,
  };
  return new ShellHost(name, () => openLocalShell(name), options, work);
}

/** What only a supervisor like systemd knows, and an account that is there, take no work here. */
const isForMember = (action: HostAction): boolean =>
  ["start", "stop", "enable", "disable", "reload-units"].includes(action.do) ||
  (action.do === "make-user" && action.name === userInfo().username);
