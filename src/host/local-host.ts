/** This machine as a host. Members are processes of their own here, without systemd. */
import type { Host } from "./host.js";
import { placeFile } from "./place-file.js";
import { ProcessSupervisor } from "./process-supervisor.js";
import { openLocalShell } from "./local-shell.js";
import { ShellHost, type OwnAction, type ShellHostOptions } from "./shell-host.js";

export interface LocalHostOptions extends ShellHostOptions {
  /** The run script that stands for a systemd unit. Absolute. */
  readonly unitPath: string;
}

/** @param name how the host is called in messages; a member's name */
export function openLocalHost(name: string, options: LocalHostOptions): Host {
  const supervisor = new ProcessSupervisor(name, options.unitPath, options.state);
  const ownAction: OwnAction = (action) => {
    switch (action.do) {
      case "start":
        return () => supervisor.start();
      case "put-file": {
        const { file } = action;
        return file === undefined ? undefined : () => placeFile(file, action.path, action.mode);
      }
      case "stop":
        return () => supervisor.stop(action.graceSeconds * 1_000);
      case "enable":
      case "disable":
      case "reload-units":
        return async () => undefined;
      default:
        return undefined;
    }
  };
  return new ShellHost(name, () => openLocalShell(name), options, ownAction);
}
