/** What the translation says a version accepts is started with it. */
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gatesOf } from "../../src/spec/flags/gates.js";
import { everyFlag } from "../../src/spec/flags/lines.js";
import { settingsFor, type Settings } from "../../src/spec/flags/translate.js";
import { effectiveSettings } from "../../src/plan/etcd-settings.js";
import { etcdFolder, presentVersions } from "../support/etcd-binaries.js";
import { freePorts } from "../support/free-ports.js";

/** The last flag exists nowhere, so that etcd ends before it starts; flags are read in order, and the first error is told. */
function saysOf(version: string, flags: readonly (readonly [string, string])[]): Promise<string> {
  const given = [...flags.map(([name, value]) => `--${name}=${value}`), "--no-such-flag=x"];
  return new Promise((resolve) => {
    execFile(join(etcdFolder(version), "etcd"), given, { timeout: 20_000 }, (_error, stdout, stderr) =>
      resolve((stdout + stderr).split("\n").find((line) => line !== "") ?? ""),
    );
  });
}
/** Whether an etcd of one member comes to serve. */
async function serves(version: string, flags: readonly (readonly [string, string])[]): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "quorate-translate-"));
  const [client = 0, peer = 0] = await freePorts(2);
  const own = {
    ...{ name: "m", "data-dir": folder, "initial-cluster": `m=http://127.0.0.1:${peer}` },
    ...{ "listen-client-urls": `http://127.0.0.1:${client}`, "advertise-client-urls": `http://127.0.0.1:${client}` },
    ...{ "listen-peer-urls": `http://127.0.0.1:${peer}`, "initial-advertise-peer-urls": `http://127.0.0.1:${peer}` },
  };
  const given = [...Object.entries(own), ...flags].map(([name, value]) => `--${name}=${value}`);
  const child = spawn(join(etcdFolder(version), "etcd"), given, { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    const until = Date.now() + 40_000;
    while (child.exitCode === null && Date.now() < until) {
      const health = await fetch(`http://127.0.0.1:${client}/health`).catch(() => undefined);
      if (health?.ok === true) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  } finally {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

const pastThem = "flag provided but not defined: -no-such-flag";

/** A value that some etcd takes for the flag. */
const values: Readonly<Record<string, string>> = {
  "v2-deprecation": "write-only",
  "backend-bbolt-freelist-type": "map",
  "experimental-backend-bbolt-freelist-type": "map",
  logger: "capnslog",
  "feature-gates": gatesOf("3.7.1")
    .map((gate) => `${gate}=false`)
    .join(","),
  "log-format": "json",
  "initial-cluster-state": "new",
  "tls-min-version": "TLS1.2",
  "tls-max-version": "TLS1.3",
  proxy: "off",
  "discovery-fallback": "exit",
  "distributed-tracing-sampling-rate": "0",
};

/** Tried in turn, since a name does not tell what kind of value a flag takes. */
const candidates = ["true", "5", "1s", "http://127.0.0.1:1"];

async function takenBy(version: string, name: string, flag: string): Promise<string | undefined> {
  for (const value of values[name] === undefined ? candidates : [values[name]]) {
    const [told] = settingsFor(version, { [name]: value }).flags;
    if (told !== undefined && told[0] === flag && (await saysOf(version, [told])).includes(pastThem)) return value;
  }
  return undefined;
}

describe.each(presentVersions)("etcd %s", (version) => {
  test("takes every flag of every line as it is translated for it", { timeout: 240_000 }, async () => {
    const refused: string[] = [];
    let taken = 0;
    for (const name of everyFlag) {
      const spelled = [...candidates, values[name] ?? ""].map(
        (value) => settingsFor(version, { [name]: value }).flags[0],
      );
      const flag = spelled.find((each) => each !== undefined)?.[0];
      if (flag === undefined) continue;
      if ((await takenBy(version, name, flag)) === undefined) refused.push(`${name} as ${flag}`);
      else taken += 1;
    }
    expect(refused).toEqual([]);
    expect(taken).toBeGreaterThan(90);
  });

  test("takes all that a file of any line asks for, together with what quorate adds", async () => {
    const asked: Settings[] = [
      { debug: "true", "log-output": "stderr", logger: "capnslog", "experimental-corrupt-check-time": "1h" },
      {
        "experimental-initial-corrupt-check": "true",
        "experimental-enable-lease-checkpoint": "true",
        "experimental-warning-apply-duration": "200ms",
        "backend-bbolt-freelist-type": "map",
      },
      {
        "feature-gates": "InitialCorruptCheck=false,LeaseCheckpoint=true,LeaseCheckpointPersist=true",
        "corrupt-check-time": "1h",
        "warning-apply-duration": "200ms",
        "compaction-batch-limit": "500",
        "watch-progress-notify-interval": "5m",
        "log-format": "json",
        "max-learners": "1",
      },
    ];
    for (const settings of asked) {
      const told = settingsFor(version, settings);
      expect(told.problems).toEqual([]);
      expect(await saysOf(version, effectiveSettings(version, settings))).toContain(pastThem);
    }
  });

  test("starts and serves with what a file of another line asks for", { timeout: 60_000 }, async () => {
    const asked = {
      ...{ logger: "capnslog", "v2-deprecation": "not-yet", "max-learners": "1", "log-format": "json" },
      ...{ "feature-gates": "LeaseCheckpoint=true", "experimental-warning-apply-duration": "200ms" },
      ...{ "snapshot-catchup-entries": "5000", "experimental-backend-bbolt-freelist-type": "map" },
    };
    // 3.4 still has the logger that later lines translate.
    const { logger, ...others } = asked;
    const settings = version.startsWith("3.4.") ? others : { ...others, logger };
    expect(settingsFor(version, settings).problems).toEqual([]);
    expect(await serves(version, effectiveSettings(version, settings))).toBe(true);
  });

  test("has just the feature gates that quorate thinks it has", async () => {
    const gates = ["AllAlpha", "AllBeta", ...gatesOf("3.7.1")];
    const known: string[] = [];
    for (const gate of new Set(gates))
      if ((await saysOf(version, [["feature-gates", `${gate}=true`]])).includes(pastThem)) known.push(gate);
    expect(known.sort()).toEqual([...gatesOf(version)].sort());
  });
});
