/** What the translation says a version accepts is started with it. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gatesOf } from "../../src/spec/flags/gates.js";
import { everyFlag } from "../../src/spec/flags/lines.js";
import { settingsFor, type Settings } from "../../src/spec/flags/translate.js";
import { effectiveSettings } from "../../src/plan/etcd-settings.js";
import { etcdFolder, presentVersions } from "../support/etcd-binaries.js";

/** The last flag exists nowhere, so that etcd ends before it starts; flags are read in order, and the first error is told. */
function saysOf(version: string, flags: readonly (readonly [string, string])[]): Promise<string> {
  const given = [...flags.map(([name, value]) => `--${name}=${value}`), "--no-such-flag=x"];
  return new Promise((resolve) => {
    execFile(join(etcdFolder(version), "etcd"), given, { timeout: 20_000 }, (_error, stdout, stderr) =>
      resolve((stdout + stderr).split("\n").find((line) => line !== "") ?? ""),
    );
  });
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

  test("has just the feature gates that quorate thinks it has", async () => {
    const gates = ["AllAlpha", "AllBeta", ...gatesOf("3.7.1")];
    const known: string[] = [];
    for (const gate of new Set(gates))
      if ((await saysOf(version, [["feature-gates", `${gate}=true`]])).includes(pastThem)) known.push(gate);
    expect(known.sort()).toEqual([...gatesOf(version)].sort());
  });
});
