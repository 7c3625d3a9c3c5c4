import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLocalHost } from "../../src/host/local-host.js";
import type { HostQuestion, Reachable } from "../../src/host/host.js";
import { etcdFolder } from "../support/etcd-binaries.js";
import { freePorts } from "../support/free-ports.js";
import { until } from "../support/until.js";

const pair = [
  "# what a person wrote above it",
  "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
  "-----BEGIN EC PRIVATE KEY-----\nSECRET\n-----END EC PRIVATE KEY-----",
  "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----",
].join("\n");

describe("an etcd that somebody else started", () => {
  let folder: string;
  let etcd: ChildProcess;
  let client: number;
  const look = async (question: Partial<HostQuestion>): Promise<Reachable> => {
    const host = openLocalHost("a", {
      state: join(folder, "state"),
      unitPath: join(folder, "run"),
      readIdentity: () => undefined,
    });
    const nothing = { texts: [], stats: [], digests: [], releases: [], ports: [], wal: undefined };
    const service = { kind: "process", unit: "etcd", unitPath: join(folder, "run") } as const;
    const seen = await host.observe({
      ...{ service, user: "root", ...nothing, data: join(folder, "data"), state: join(folder, "state") },
      ...question,
    });
    await host.close();
    if (seen.reach === "unreachable") throw seen.error;
    return seen;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "quorate-stranger-"));
    const [first = 0, peer = 0] = await freePorts(2);
    client = first;
    etcd = spawn(
      join(etcdFolder("3.5.30"), "etcd"),
      [
        "--name",
        "a b",
        `--data-dir=${join(folder, "data")}`,
        `--listen-peer-urls=http://127.0.0.1:${peer}`,
        `--listen-client-urls=http://127.0.0.1:${client}`,
        `--advertise-client-urls=http://127.0.0.1:${client}`,
      ],
      {
        env: { PATH: process.env["PATH"], ETCD_LOG_LEVEL: "warn", ETCD_METRICS: "basic", OTHER_SECRET: "no" },
        stdio: "ignore",
      },
    );
    await until(
      async () =>
        fetch(`http://127.0.0.1:${client}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60_000,
    );
  });
  afterAll(async () => {
    const ended = once(etcd, "exit");
    etcd.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  });

  test("is described by what it was started with", async () => {
    const found = (await look({ program: "etcd" })).processes?.find(({ pid }) => pid === etcd.pid);
    expect(found?.arguments.slice(1, 4)).toEqual(["--name", "a b", `--data-dir=${join(folder, "data")}`]);
    expect(found?.executable).toMatch(/etcd$/);
    expect(found?.environment).toEqual({ ETCD_LOG_LEVEL: "warn", ETCD_METRICS: "basic" });
    expect(found?.user).not.toBe("");
  });

  test("is looked for only when that is asked", async () => {
    expect((await look({})).processes).toBeUndefined();
    expect((await look({ program: "nosuchprogram" })).processes).toEqual([]);
  });

  test("of a file with certificates and keys, only the certificates are carried", async () => {
    const file = join(folder, "pair.pem");
    await writeFile(file, pair);
    const { certificates } = await look({ certificates: [file, join(folder, "none.pem")] });
    expect(Object.keys(certificates ?? {})).toEqual([file]);
    expect(certificates?.[file]?.match(/MII[BC]/g)).toEqual(["MIIB", "MIIC"]);
    expect(JSON.stringify(certificates)).not.toMatch(/SECRET|PRIVATE/);
  });
});
