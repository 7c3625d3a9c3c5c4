/** The systemd unit of one member. Pure: a value in, text out. */
import { unitArgument, unitAssignment, unitLine, unitPath } from "./unit-quote.js";
import { hardening } from "./unit-hardening.js";

export interface UnitValue {
  readonly description: string;
  readonly user: string;
  readonly group: string;
  /** The executable's absolute path and its arguments, unquoted. */
  readonly execStart: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** A file of further NAME=VALUE lines; may be absent. */
  readonly environmentFile: string | undefined;
  readonly workingDirectory: string;
  /** The only paths that the member may write to. */
  readonly readWritePaths: readonly string[];
  /** LimitNOFILE. */
  readonly openFiles: number;
  /** MemoryMax, bytes. */
  readonly memoryMax: number | undefined;
}

export function renderUnit(unit: UnitValue): string {
  const environment = Object.entries(unit.environment).map(
    ([name, value]) => `Environment=${unitAssignment(name, value)}`,
  );
  return `${[
    "[Unit]",
    `Description=${unitLine(unit.description)}`,
    "Documentation=https://etcd.io/docs/",
    "Wants=network-online.target",
    "After=network-online.target time-sync.target",
    // Started before its disk is mounted, a member would find no data and take itself for new.
    `RequiresMountsFor=${unit.readWritePaths.map(unitPath).join(" ")}`,
    // A member that cannot start, for example on a full disk, is tried again for a quarter of an hour before systemd gives up.
    "StartLimitIntervalSec=30min",
    "StartLimitBurst=180",
    "",
    "[Service]",
    // etcd says that it is ready once it has found a quorum, which may take as long as the other hosts take.
    "Type=notify",
    "NotifyAccess=main",
    "TimeoutStartSec=infinity",
    // A leader hands over before it goes, and waits for that up to seven seconds.
    "TimeoutStopSec=30s",
    `User=${unit.user}`,
    `Group=${unit.group}`,
    `WorkingDirectory=-${unitPath(unit.workingDirectory)}`,
    ...environment,
    ...(unit.environmentFile === undefined ? [] : [`EnvironmentFile=-${unitPath(unit.environmentFile)}`]),
    `ExecStart=${unit.execStart.map(unitArgument).join(" ")}`,
    // A removed member ends with status 0 and must not come back; if it ends so before it was ready, systemd would
    // call that a failure of the protocol and start it again. Everything else is a failure.
    "Restart=on-failure",
    "RestartPreventExitStatus=0",
    "RestartSec=5s",
    "",
    `LimitNOFILE=${unit.openFiles}`,
    "LimitCORE=0",
    ...(unit.memoryMax === undefined ? [] : [`MemoryMax=${unit.memoryMax}`]),
    "OOMScoreAdjust=-500",
    "Nice=-5",
    "IOSchedulingClass=best-effort",
    "IOSchedulingPriority=0",
    "",
    ...hardening(unit.readWritePaths.map(unitPath)),
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ].join("\n")}\n`;
}
