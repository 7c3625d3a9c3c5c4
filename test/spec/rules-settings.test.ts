import { expect, test } from "vitest";
import { judgeVersion } from "../../src/release/policy.js";
import { everyFlag } from "../../src/spec/flags/lines.js";
import { forbiddenFlag } from "../../src/spec/flags/forbidden.js";
import { problemsOf, read, three, told, warningsOf } from "./reading.js";

const etcd = (settings: string, version?: string): string =>
  three(`etcd:\n${version === undefined ? "" : `  version: ${version}\n`}  settings:\n    ${settings}\n`);
const said = (settings: string, version?: string): string[] => told(problemsOf(etcd(settings, version)));
const advice = "correct the setting; `etcd --help` of that version lists them";

test.each([
  ["quota-backend-bytes: 8GiB", "8589934592"],
  ["quota-backend-bytes: 8GB", "8000000000"],
  ["quota-backend-bytes: 8589934592", "8589934592"],
  ["max-request-bytes: 1.5MiB", "1572864"],
  ["heartbeat-interval: 150ms", "150"],
  ["heartbeat-interval: 150", "150"],
  ["election-timeout: 2s", "2000"],
  ["auth-token-ttl: 5m", "300"],
  ["grpc-keepalive-min-time: 5s", "5s"],
  ["corrupt-check-time: 1d", "24h"],
  ["auto-compaction-retention: 1h30m", "90m"],
  ["auto-compaction-retention: 0", "0"],
  ["snapshot-count: 10000", "10000"],
  ["pre-vote: false", "false"],
  ["log-level: warn", "warn"],
  ["cipher-suites: [A, B]", "A,B"],
  ["log-outputs: stderr", "stderr"],
])("%s goes to etcd as %s", (line, value) => {
  expect(Object.values(read(etcd(line)).etcd.settings)).toEqual([value]);
});

test("with revision compaction a bare number is a number of revisions", () => {
  expect(read(etcd("auto-compaction-mode: revision\n    auto-compaction-retention: 1000")).etcd.settings).toMatchObject(
    { "auto-compaction-retention": "1000" },
  );
});

test.each([
  [
    "quota-backend-bytes: 8G",
    'quota-backend-bytes cannot be "8G"',
    "8G",
    "write 8GiB (8589934592 bytes) or 8GB (8000000000 bytes)",
  ],
  ["max-request-bytes: 2 MiB", 'max-request-bytes cannot be "2 MiB"', "2 MiB", "write 2MiB, without the space"],
  ["heartbeat-interval: 100 ms", 'heartbeat-interval cannot be "100 ms"', "100 ms", "write 100ms, without the space"],
  ["grpc-keepalive-timeout: 20", 'grpc-keepalive-timeout cannot be "20"', "20", "write the unit: 20ms, 20s or 20h"],
  [
    "auto-compaction-retention: 1",
    "`auto-compaction-retention: 1` has no unit, and etcd would take it for hours",
    "1",
    "write 1h or 1m, or `auto-compaction-mode: revision`",
  ],
  ["pre-vote: yes", 'pre-vote cannot be "yes"', "yes", "write true"],
  ["enable-pprof: 0", 'enable-pprof cannot be "0"', "0", "write false"],
  ["max-wals: many", 'max-wals cannot be "many"', "many", advice],
  ["log-level: warning", 'log-level cannot be "warning"', "warning", advice],
  [
    "auto-compaction-mode: periodical",
    'auto-compaction-mode cannot be "periodical"',
    "periodical",
    "did you mean `periodic`?",
  ],
  [
    "snapshot-count: 0",
    "a snapshot count of 0 makes etcd snapshot after every write",
    undefined,
    "leave it out, or write 10000",
  ],
  ["cors: ''", 'cors cannot be ""', "", advice],
])("%s", (line, message, found, next) => {
  const name = line.split(":")[0] ?? "";
  expect(said(line)).toEqual([
    `E_SPEC_SETTING 4:${name.length + 7} etcd.settings.${name} | ${message} | found ${found === undefined ? "0" : JSON.stringify(found)} | ${next}`,
  ]);
});

test.each([
  [
    "a typing mistake",
    "snapshot-cuont",
    undefined,
    "etcd has no flag `snapshot-cuont`",
    "did you mean `snapshot-count`?",
  ],
  [
    "nothing like it",
    "zzzzzzzzzz",
    undefined,
    "etcd has no flag `zzzzzzzzzz`",
    "remove it; `etcd --help` lists the flags",
  ],
  [
    "dashes in front",
    "--snapshot-count",
    undefined,
    "`--snapshot-count` is written with dashes in front",
    "write snapshot-count",
  ],
  [
    "log-format on 3.5",
    "log-format",
    "3.5.33",
    "etcd 3.5.33 has nothing like `log-format: true`",
    "remove the line: before 3.6 etcd logs JSON",
  ],
  [
    "v2 on 3.6",
    "enable-v2",
    "3.6.14",
    "etcd 3.6.14 has nothing like `enable-v2: true`",
    "move the clients to the v3 API and remove the line; etcd serves no v2 API from 3.6",
  ],
  [
    "a later patch's flag",
    "tls-min-version",
    "3.5.7",
    "etcd 3.5.7 has nothing like `tls-min-version: true`",
    "remove it, or use 3.5.8 or later, where it exists",
  ],
  [
    "a flag without a twin",
    "raft-read-timeout",
    "3.4.45",
    "etcd 3.4.45 has nothing like `raft-read-timeout: true`",
    "remove it, or use 3.5, 3.6, 3.7, where it exists",
  ],
])("a flag that the version does not have: %s", (_, name, version, message, next) => {
  const line = version === undefined ? 4 : 5;
  expect(said(`${name}: true`, version)).toEqual([
    `E_SPEC_SETTING ${line}:5 etcd.settings${name.startsWith("-") ? `[${JSON.stringify(name)}]` : `.${name}`} | ${message} | found "${name}" | ${next}`,
  ]);
});

test.each([
  [
    "experimental on 3.7",
    "experimental-corrupt-check-time: 1h",
    "3.7.1",
    "etcd 3.7.1 is given `corrupt-check-time: 1h` for `experimental-corrupt-check-time: 1h`: so etcd 3.7.1 calls it",
    "write `corrupt-check-time: 1h`",
  ],
  [
    "a feature gate on 3.7",
    "experimental-initial-corrupt-check: true",
    "3.7.1",
    "etcd 3.7.1 is given `feature-gates: InitialCorruptCheck=true` for `experimental-initial-corrupt-check: true`: so etcd 3.7.1 calls it",
    "write `feature-gates: InitialCorruptCheck=true`",
  ],
  [
    "a new name on 3.5",
    "warning-apply-duration: 200ms",
    "3.5.33",
    "etcd 3.5.33 is given `experimental-warning-apply-duration: 200ms` for `warning-apply-duration: 200ms`: so etcd 3.5.33 calls it",
    "write `experimental-warning-apply-duration: 200ms`",
  ],
  [
    "gates on 3.5",
    "feature-gates: LeaseCheckpoint=true",
    "3.5.33",
    "etcd 3.5.33 is given `experimental-enable-lease-checkpoint: true` for `feature-gates: LeaseCheckpoint=true`: so etcd 3.5.33 calls it",
    "write `experimental-enable-lease-checkpoint: true`",
  ],
  [
    "debug on 3.5",
    "debug: true",
    "3.5.33",
    "etcd 3.5.33 is given `log-level: debug` for `debug: true`: so etcd 3.5.33 calls it",
    "write `log-level: debug`",
  ],
  [
    "v2 switched off on 3.6",
    "enable-v2: false",
    "3.6.14",
    "`enable-v2: false` is not given to etcd 3.6.14: etcd 3.6.14 has no such setting and does just that",
    "remove the line",
  ],
])("any line's spelling will do, and the file is told of a better one: %s", (_, line, version, message, next) => {
  const name = line.split(":")[0] ?? "";
  expect(said(line, version)).toEqual([]);
  expect(told(warningsOf(etcd(line, version))).filter((one) => one.startsWith("E_SPEC_SETTING"))).toEqual([
    `E_SPEC_SETTING 5:5 etcd.settings.${name} | ${message} | found "${name}" | ${next}`,
  ]);
});

test("two spellings of one setting must not contradict each other", () => {
  const both = (value: string): string[] =>
    said(`corrupt-check-time: 1h\n    experimental-corrupt-check-time: ${value}`, "3.6.14");
  expect(both("60m")).toEqual([]);
  expect(both("2h")).toEqual([
    'E_SPEC_SETTING 6:5 etcd.settings.experimental-corrupt-check-time | `experimental-corrupt-check-time: 2h` contradicts `corrupt-check-time: 1h`, which is another spelling of the same setting | found "experimental-corrupt-check-time" | remove one of the two lines',
  ]);
});

test("a feature gate has a value, and a name that the version knows", () => {
  expect(said("feature-gates: LeaseCheckpoint", "3.6.14")).toEqual([
    'E_SPEC_SETTING 5:5 etcd.settings.feature-gates | `LeaseCheckpoint` is not a feature gate with its value | found "feature-gates" | write LeaseCheckpoint=true or leave it out',
  ]);
  expect(said("feature-gates: FastLeaseKeepAlive=true", "3.6.14")).toEqual([
    'E_SPEC_SETTING 5:5 etcd.settings.feature-gates | etcd 3.6.14 has no feature gate FastLeaseKeepAlive | found "feature-gates" | remove FastLeaseKeepAlive; the page of flags of that version names the gates that it has',
  ]);
  expect(said("feature-gates: FastLeaseKeepAlive=true", "3.7.1")).toEqual([]);
});

test("without a version, a spelling that some line can be given is no matter", () => {
  expect(told(warningsOf(etcd("experimental-corrupt-check-time: 1h")))).toEqual([]);
  expect(said("feature-gates: LeaseCheckpoint=maybe")).toHaveLength(1);
});

test("without a version, a flag that only old lines have is a warning", () => {
  expect(told(warningsOf(etcd("enable-v2: true")))).toEqual([
    'E_SPEC_SETTING 4:5 etcd.settings.enable-v2 | only etcd 3.4, 3.5 has the flag `enable-v2`, and the file names no version | found "enable-v2" | write `etcd.version`',
  ]);
});

test.each([
  ["force-new-cluster", "throws the other members out and can lose data", "leave it out"],
  ["unsafe-no-fsync", "loses acknowledged writes when a machine loses power", "leave it out"],
  [
    "auto-tls",
    "makes certificates that prove nothing and are never renewed",
    "leave it out: quorate makes certificates",
  ],
  [
    "peer-auto-tls",
    "makes certificates that prove nothing and are never renewed",
    "leave it out: quorate makes certificates",
  ],
  ["data-dir", "is a path", "write it under `paths`"],
  ["name", "is the member's name", "write it under `members`"],
  ["initial-cluster", "follows from the members", "write addresses and ports under `members`"],
  ["listen-client-urls", "differs from member to member", "write `listen` under the member's `client` or `peer`"],
  ["cert-file", "follows from the TLS part", "write certificates under `tls`"],
  ["config-file", "makes etcd ignore every other flag", "write the settings here"],
  ["discovery", "asks somebody else who the members are", "the members stand in this file"],
])("%s is quorate's own or dangerous", (name, why, next) => {
  expect(said(`${name}: x`)).toEqual([
    `E_SPEC_FORBIDDEN 4:5 etcd.settings.${name} | \`${name}\` ${why} | found "${name}" | ${next}`,
  ]);
});

test("every flag that would contradict quorate's own is refused", () => {
  const owned = everyFlag.filter((name) =>
    /^(name|initial-(?!election)|listen-|advertise-|(peer-)?(client-)?(cert|key|trusted-ca)-file|.*client-cert-auth|data-dir|wal-dir|discovery|proxy)/.test(
      name,
    ),
  );
  expect(owned.length).toBeGreaterThan(35);
  expect(owned.filter((name) => forbiddenFlag(name) === undefined)).toEqual([]);
});

const timing = "E_SPEC_TIMING";

test.each([
  [
    "heartbeat-interval: 1s",
    "4:25",
    "heartbeat-interval",
    "the heartbeat interval is not shorter than the election timeout",
    "1000 ms, election-timeout 1000 ms",
    "write `election-timeout: 10000ms`, or a shorter heartbeat",
  ],
  [
    "election-timeout: 400ms",
    "4:23",
    "election-timeout",
    "the election timeout is less than 5 heartbeats, and etcd would not start",
    "100 ms, election-timeout 400 ms",
    "write `election-timeout: 1000ms`, or a shorter heartbeat",
  ],
  [
    "election-timeout: 51s",
    "4:23",
    "election-timeout",
    "the election timeout is longer than 50 s, and etcd would not start",
    "100 ms, election-timeout 51000 ms",
    "write 50s or less",
  ],
  [
    "heartbeat-interval: 0",
    "4:25",
    "heartbeat-interval",
    "the heartbeat interval is 0",
    "0 ms, election-timeout 1000 ms",
    "write 100ms",
  ],
])("%s", (line, place, name, message, found, next) => {
  expect(said(line)).toEqual([
    `${timing} ${place} etcd.settings.${name} | ${message} | found heartbeat-interval ${found} | ${next}`,
  ]);
});

test.each([
  "heartbeat-interval: 200\n    election-timeout: 1000",
  "heartbeat-interval: 10s\n    election-timeout: 50s",
])("times that etcd takes: %j", (lines) => {
  expect(said(lines)).toEqual([]);
});

test.each([
  ["0", "a quota of 0 says nothing: etcd takes it for 2 GiB", "leave it out, or write 2GiB"],
  [
    "-1",
    "a negative quota is no limit at all: the disk would be",
    "leave it out for etcd's 2 GiB, or write up to 8GiB",
  ],
])("a quota of %s", (written, message, next) => {
  expect(said(`quota-backend-bytes: ${written}`)).toEqual([
    `E_SPEC_QUOTA 4:26 etcd.settings.quota-backend-bytes | ${message} | found ${written} | ${next}`,
  ]);
});

test("a quota over 8 GiB is a warning", () => {
  expect(told(warningsOf(etcd("quota-backend-bytes: 16GiB")))).toEqual([
    "E_SPEC_QUOTA 4:26 etcd.settings.quota-backend-bytes | a quota of 16GiB is more than the 8 GiB that etcd recommends | found 17179869184 | keep it at 8GiB unless you have tested recovery with more",
  ]);
  expect(warningsOf(etcd("quota-backend-bytes: 8GiB"))).toEqual([]);
});

test("a setting that is not one line of text", () => {
  expect(said('cors: "a\\nb"')).toEqual([
    'E_SPEC 4:11 etcd.settings.cors | cors cannot be "a\\nb" | found "a\\nb" | correct the named line; docs/reference/cluster-file.md lists every field',
  ]);
});

const version = (text: string): string[] => told(problemsOf(three(`etcd: {version: ${text}}\n`)));

test.each([
  ["latest", "latest", "leave the version out"],
  ["3.5", "3.5", "write the patch as well, for example 3.5.30"],
  ["3.10", "3.10", "write the patch as well, for example 3.10.30"],
  ["v3.5.30", "v3.5.30", "write 3.5.30"],
  ["'3.5.30 '", "3.5.30 ", "write 3.5.30"],
])("version %s is read as it is written, and an exact one is asked for", (written, text, next) => {
  const [told, ...others] = version(written);
  expect(told).toContain(
    `E_RELEASE_VERSION 2:17 etcd.version | ${JSON.stringify(text)} is not an exact etcd version | found ${JSON.stringify(text)} | ${next}`,
  );
  expect(others).toEqual([]);
});

const reasonOf = (text: string): string =>
  judgeVersion(text)
    .reasons.map((reason) => `${reason.text} (${reason.source})`)
    .join("; ");

test.each(["3.5.1", "3.3.27", "3.6.2", "3.8.0-alpha.0"])(
  "version %s is refused with the reason and its source",
  (text) => {
    const [told, ...others] = problemsOf(three(`etcd: {version: ${text}}\n`));
    expect(told).toMatchObject({
      code: "E_RELEASE_REFUSED",
      message: `etcd ${text} is refused: ${reasonOf(text)}`,
      details: { line: 2, column: 17, path: "etcd.version", found: `"${text}"` },
    });
    expect(told?.next).toMatch(/^take a newer patch/);
    expect(others).toEqual([]);
  },
);

test("a line that has ended is a warning with its reason", () => {
  const [told, ...others] = warningsOf(three("etcd: {version: 3.4.45}\n"));
  expect(told).toMatchObject({
    code: "E_VERSION_RISKY",
    message: `etcd 3.4.45: ${reasonOf("3.4.45")}`,
    details: { line: 2, column: 17 },
  });
  expect(others).toEqual([]);
});

test.each(["3.5.33", "3.6.14", "3.7.1"])("version %s is fine", (text) => {
  expect(warningsOf(three(`etcd: {version: ${text}}\n`))).toEqual([]);
});
