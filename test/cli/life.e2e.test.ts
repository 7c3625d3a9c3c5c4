import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { etcdFolder } from "../support/etcd-binaries.js";
import { until } from "../support/until.js";
import { healthLines, LocalOperator, said } from "./quorate.js";

/** The whole life of a cluster on this machine, as its operator lives it. Each test goes on where the last one ended. */
describe.each(["3.5.30", "3.4.23"])("three members of etcd %s on this machine", (version) => {
  const operator = new LocalOperator();
  const state = join(operator.folder, ".quorate", "trial");
  const memberFile = (...path: string[]): string => join(state, "members", "etcd-1", ...path);
  beforeAll(async () => {
    const ended = await operator.init(version);
    expect(ended.code, said(ended)).toBe(0);
  });
  afterAll(() => operator.leave());

  test("`plan` says that there are changes, and makes none", async () => {
    const ended = await operator.quorate("plan");
    expect(ended.code, said(ended)).toBe(2);
    expect(ended.stdout).toContain("start the first member");
    expect(existsSync(state)).toBe(false);
  });

  test("`up` without a terminal wants to be told --yes", async () => {
    const ended = await operator.quorate("up");
    expect(ended.code, said(ended)).toBe(1);
    expect(ended.stderr).toContain("E_NOT_CONFIRMED");
    expect(existsSync(memberFile("run"))).toBe(false);
  });

  test("`up --yes` ends with three members proven in etcdctl's words", async () => {
    const ended = await operator.quorate("up", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout.match(healthLines), said(ended)).toHaveLength(3);
    expect(ended.stdout).toContain("quorate stop");
  });

  test("`plan` has nothing to do", async () => {
    const ended = await operator.quorate("plan");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toBe("Nothing to do: trial is as the file says.\n");
  });

  test("a second `up` says so, and touches no file", async () => {
    const before = filesBelow(operator.folder);
    const ended = await operator.quorate("up", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout).toContain("Nothing to do");
    expect(ended.stdout.match(healthLines)).toHaveLength(3);
    expect(filesBelow(operator.folder)).toEqual(before);
  });

  test("`health` prints one line per member and nothing else", async () => {
    const ended = await operator.quorate("health");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout.match(healthLines)).toHaveLength(3);
    expect(ended.stdout.trim().split("\n")).toHaveLength(3);
    expect(ended.stderr).toBe("");
  });

  test("`status` knows the leader, and every number of 64 bits as text", async () => {
    const status = await operator.json<{
      leader: string;
      members: { member: string; role: string; revision: string; dbSize: string }[];
    }>("status");
    expect(status.members.map(({ role }) => role).sort()).toEqual(["follower", "follower", "leader"]);
    expect(status.members.find(({ member }) => member === status.leader)?.role).toBe("leader");
    expect(status.members.every(({ revision, dbSize }) => /^\d+$/.test(revision) && /^\d+$/.test(dbSize))).toBe(true);
  });

  test("`certs` finds the certificate of every listener on this machine, on its host and on the wire", async () => {
    const { certificates, remarks } = await operator.json<{
      certificates: { use: string; places: string[]; daysLeft: number; chain: string[] }[];
      remarks: string[];
    }>("certs");
    expect(remarks).toEqual([]);
    const listeners = certificates.filter(({ use }) => / (server|peer)$/.test(use));
    expect(listeners).toHaveLength(6);
    for (const { use, places, chain } of listeners) {
      expect(places, use).toHaveLength(3);
      expect(chain?.at(-1), use).toBe("trial etcd CA");
    }
    expect(certificates.every(({ daysLeft }) => daysLeft > 300)).toBe(true);
  });

  test("`export etcdctl` makes the plain etcdctl talk to the cluster", async () => {
    const exported = await operator.quorate("export", "etcdctl");
    expect(exported.code, said(exported)).toBe(0);
    const script = `${exported.stdout}\n"$0" put greeting hello && "$0" get greeting --print-value-only`;
    const answer = execFileSync("sh", ["-c", script, join(etcdFolder(version), "etcdctl")], { encoding: "utf8" });
    expect(answer).toBe("OK\nhello\n");
  });

  test("`log` tells the run, here and on the hosts", async () => {
    const own = await operator.json<{ runs: { outcome: string; command: string }[] }>("log");
    const theirs = await operator.json<{ runs: { run: string; outcome: string }[] }>("log", "--hosts");
    expect(own.runs.map(({ outcome, command }) => `${command}: ${outcome}`)).toEqual(["quorate up --yes: done"]);
    expect(theirs.runs.map(({ outcome }) => outcome)).toEqual(["done"]);
    const run = await operator.quorate("log", theirs.runs[0]?.run.slice(0, 20) ?? "");
    expect(run.stdout, said(run)).toContain("start etcd for the first time: done");
  });

  test("`certs issue` makes a certificate that etcd accepts", async () => {
    const issued = await operator.json<{ files: { ca: string; cert: string; key: string } }>(
      "certs",
      "issue",
      "backup",
      "--out",
      "backup",
    );
    expect(statSync(issued.files.key).mode & 0o777).toBe(0o600);
    const url = (await operator.json<{ members: { endpoint: string }[] }>("health")).members[0]?.endpoint ?? "";
    const { ca, cert, key } = issued.files;
    const answer = execFileSync(
      join(etcdFolder(version), "etcdctl"),
      ["--endpoints", url, "--cacert", ca, "--cert", cert, "--key", key, "get", "greeting"],
      { encoding: "utf8" },
    );
    expect(answer).toBe("greeting\nhello\n");
  });

  test("a stopped member, an edited run script and a lost certificate are seen together", async () => {
    process.kill(Number(pidOf("etcd-1", state)), "SIGKILL");
    await until(async () => (await operator.quorate("health")).code === 1, 10_000);
    await appendFile(memberFile("run"), "# edited by hand\n");
    const live = memberFile("certificates", "trial", "live");
    rmSync(join(live, "server.pem"));
    const ended = await operator.quorate("plan");
    expect(ended.code, said(ended)).toBe(2);
    for (const text of ["install certificates (what it has is not fit)", "-# edited by hand", "start a stopped member"])
      expect(ended.stdout).toContain(text);
  });

  test("`health` says which member is away, on standard error as etcdctl does", async () => {
    const ended = await operator.quorate("health");
    expect(ended.code).toBe(1);
    expect(ended.stdout.match(healthLines)).toHaveLength(2);
    expect(ended.stderr).toMatch(/^https:\/\/127\.0\.0\.1:\d+ is unhealthy: failed to commit proposal: .+$/m);
  });

  test("`up` mends all three", async () => {
    const ended = await operator.quorate("up", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout.match(healthLines)).toHaveLength(3);
    expect((await operator.quorate("plan")).code).toBe(0);
    expect(readFileSync(memberFile("run"), "utf8")).not.toContain("edited by hand");
  });

  test("`stop` ends every process and keeps the data", async () => {
    const ended = await operator.quorate("stop", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect((await operator.quorate("health")).code).toBe(1);
    expect(existsSync(memberFile("data", "member", "wal"))).toBe(true);
    const again = await operator.quorate("stop", "--yes");
    expect(again.stdout).toBe("Nothing to do: no member of trial runs.\n");
  });

  test("`up` after a stop brings the data back", async () => {
    const ended = await operator.quorate("up", "--yes", "--json");
    expect(ended.code, said(ended)).toBe(0);
    const lines = ended.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; healthy?: boolean });
    expect(lines[0]?.type).toBe("run-started");
    expect(lines.at(-1)).toMatchObject({ type: "health", healthy: true });
    const exported = await operator.quorate("export", "etcdctl");
    const answer = execFileSync(
      "sh",
      ["-c", `${exported.stdout}\n"$0" get greeting --print-value-only`, join(etcdFolder(version), "etcdctl")],
      { encoding: "utf8" },
    );
    expect(answer).toBe("hello\n");
  });

  test("`destroy` wants the cluster's name", async () => {
    const ended = await operator.quorate("destroy", "--yes");
    expect(ended.code).toBe(1);
    const wrong = await operator.quorate("destroy", "--yes", "--name", "other");
    expect(wrong.code).toBe(1);
    expect((await operator.quorate("health")).code).toBe(0);
  });

  test("`destroy` leaves nothing but the records of what was done", async () => {
    const ended = await operator.quorate("destroy", "--yes", "--name", "trial");
    expect(ended.code, said(ended)).toBe(0);
    expect(readdirSync(state)).toEqual(["runs"]);
    const log = await operator.quorate("log");
    expect(log.stdout).toContain("quorate destroy");
  });

  test("a new cluster can be made in the same place", async () => {
    const ended = await operator.quorate("up", "--yes");
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.stdout.match(healthLines)).toHaveLength(3);
    expect((await operator.quorate("destroy", "--yes", "--name", "trial")).code).toBe(0);
  });
});

/** Path, size and time of change of everything below a folder, but for what etcd itself writes. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !/\/data\/|\.log$|\/log$/.test(path))
    .map((path) => ({ path, stat: statSync(join(folder, path)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ path, stat }) => `${path} ${stat.size} ${stat.mtimeMs}`)
    .sort();
}

/** The process whose command line names this member's data directory. */
function pidOf(member: string, state: string): string {
  const data = `--data-dir=${join(state, "members", member, "data")}`;
  const pid = readdirSync("/proc").find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").includes(data);
    } catch {
      return false;
    }
  });
  if (pid === undefined) throw new Error(`${member} does not run`);
  return pid;
}
