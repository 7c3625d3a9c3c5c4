/** Scripts around systemctl. Starting never waits: etcd reports ready only once there is a quorum. */
import type { Command } from "./command.js";
import { quoteUnit } from "./quote.js";

export const reloadUnits = (): Command => ({
  intent: "make systemd read its units",
  script: "systemctl daemon-reload",
});

/** @param reload make systemd read its units too; not needed when that follows anyway */
export const enableUnit = (unit: string, reload: boolean): Command => ({
  intent: `enable ${unit}`,
  script: `systemctl enable --quiet ${reload ? "" : "--no-reload "}${quoteUnit(unit)}`,
});

const unlessMissing = (unit: string): string =>
  `[ "$(systemctl show --property=LoadState --value ${unit})" = not-found ]`;

/** A unit that does not exist is disabled already. */
export function disableUnit(unit: string, reload: boolean): Command {
  const name = quoteUnit(unit);
  const disable = `systemctl disable --quiet ${reload ? "" : "--no-reload "}${name}`;
  return {
    intent: `disable ${unit}`,
    script: `m=$(${disable} 2>&1) || ${unlessMissing(name)} || { echo "$m" >&2; exit 1; }`,
  };
}

/** Counted failures are forgotten first, or systemd would refuse a unit that has failed too often. */
export function startUnit(unit: string): Command {
  const name = quoteUnit(unit);
  return {
    intent: `start ${unit}`,
    script: `systemctl reset-failed ${name} 2>/dev/null\nsystemctl start --no-block ${name}`,
  };
}

/**
 * SIGTERM and a grace time, whatever the unit's own time limit is; then SIGKILL. A unit that has failed, or waits for its
 * next automatic restart, is stopped too, and systemd is told to remember it as stopped and not as failed.
 */
export function stopUnit(unit: string, graceSeconds: number): Command {
  const name = quoteUnit(unit);
  const grace = Math.max(1, Math.ceil(graceSeconds));
  const script = [
    `if ! m=$(timeout ${grace} systemctl stop ${name} 2>&1) && ! ${unlessMissing(name)}; then`,
    `  systemctl kill --signal=KILL ${name} 2>/dev/null`,
    `  systemctl stop ${name} || { echo "$m" >&2; exit 1; }`,
    "fi",
    `systemctl reset-failed ${name} 2>/dev/null || :`,
  ];
  return { intent: `stop ${unit}`, script: script.join("\n"), patience: (grace + 60) * 1_000 };
}
