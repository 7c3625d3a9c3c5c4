/** The service as its supervisor and the kernel describe it. Pure; tolerant of anything. */
import type { PathStat, ServiceFact } from "./host.js";
import { fieldsOf, type Sections } from "./observe-sections.js";

const process = (sections: Sections): Pick<ServiceFact, "pid" | "config" | "fingerprint" | "executable"> => {
  const fields = fieldsOf(sections.lines("process"), " ");
  const pid = /^[1-9]\d{0,9}$/.test(fields["pid"] ?? "") ? Number(fields["pid"]) : undefined;
  const fingerprint = /^[0-9a-f]{64}/.exec(fields["print"] ?? "")?.[0];
  return {
    pid,
    config: fields["config"],
    ...(fingerprint !== undefined && { fingerprint }),
    executable: fields["exe"],
  };
};

const logTail = (sections: Sections): string[] =>
  sections
    .lines("log")
    .slice(-20)
    .map((line) => line.slice(0, 2_000));

/** From `systemctl show`. On a host without systemd nothing is installed. */
export function systemdService(sections: Sections): ServiceFact {
  const unit = fieldsOf(sections.lines("unit"), "=");
  const restarts = Number.parseInt(unit["NRestarts"] ?? "0", 10);
  const dropIns = (unit["DropInPaths"] ?? "").split(" ").filter((path) => path !== "");
  return {
    installed: unit["LoadState"] !== undefined && unit["LoadState"] !== "not-found",
    enabled: unit["UnitFileState"] === "enabled" || unit["UnitFileState"] === "enabled-runtime",
    needsReload: unit["NeedDaemonReload"] === "yes",
    ...(dropIns.length > 0 && { dropIns }),
    state: systemdState(unit["ActiveState"], unit["SubState"]),
    ...process(sections),
    restarts: Number.isSafeInteger(restarts) ? restarts : 0,
    logTail: logTail(sections),
  };
}

/** Waiting for the next automatic restart is `activating` to systemd and a failure to anybody else. */
function systemdState(active: string | undefined, sub: string | undefined): ServiceFact["state"] {
  if (active === "active" || active === "reloading" || active === "deactivating") return "running";
  if (active === "activating") return sub === "auto-restart" || sub === "auto-restart-queued" ? "failed" : "starting";
  return active === "failed" ? "failed" : "stopped";
}

/** From the process ID file of a local member. @param script the run script, which stands for the unit */
export function processService(sections: Sections, script: PathStat | undefined): ServiceFact {
  const run = sections.all("run")[0]?.words[0];
  const installed = script?.kind === "file";
  return {
    installed,
    enabled: installed,
    needsReload: false,
    state: run === "alive" ? "running" : run === "dead" ? "failed" : "stopped",
    ...process(sections),
    restarts: 0,
    logTail: logTail(sections),
  };
}
