/** docs/guides/defragment.md, nospace.md and corruption.md, followed one after the other while clients are at work. */
import { readFileSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leadBy, underLoad, voters } from "./change.js";
import { until, type Ended } from "./execute.js";
import { Guide } from "./guide.js";
import { createLab, type Lab } from "./lab.js";
import { Operator, said } from "./operator.js";

/** Small, so that it is soon full; and a member with wrong data is to start, and to be found out soon after a compaction. */
const settings = `etcd:
  version: 3.5.30
  settings:
    quota-backend-bytes: 64MiB
    experimental-initial-corrupt-check: "false"
    experimental-compact-hash-check-time: 2s
`;

/** Clients that try again for as long as an alarm stands. */
const patient = { overall: 240_000 };

const mebibyte = 1 << 20;

describe("the database is looked after under load", () => {
  let lab: Lab;
  let operator: Operator;
  beforeAll(async () => {
    lab = await createLab();
    operator = await Operator.of(lab);
    const text = await readFile(operator.file, "utf8");
    await writeFile(operator.file, text.replace("etcd: { version: 3.5.30 }\n", settings));
    const up = await operator.quorate(["up", "--yes"]);
    expect(up.code, said(up)).toBe(0);
    writeFileSync(join(operator.folder, "mebibyte"), Buffer.alloc(mebibyte, "0123456789abcdef"));
  });
  afterAll(() => lab.destroy());

  const sizes = async (): Promise<number[]> => {
    const { members } = await operator.json<{ members: { dbSize: string }[] }>(["status"]);
    return members.map(({ dbSize }) => Number(dbSize) / mebibyte);
  };
  const alarms = async (): Promise<string> => (await operator.etcdctl(["alarm", "list"])).stdout.trim();
  /** Writes so many mebibytes, or until etcd takes no more. @param key `$i` is the number of the write */
  async function fill(key: string, most: number): Promise<Ended> {
    const exported = await operator.quorate(["export", "etcdctl"]);
    const loop = `for i in $(seq ${most}); do "$0" put "${key}" <mebibyte >/dev/null || exit 1; done`;
    const etcdctl = join(operator.etcd, "etcdctl");
    return lab.run(["sh", "-c", `${exported.stdout}\n${loop}`, etcdctl], { cwd: operator.folder, timeout: 300_000 });
  }
  async function full(key: string): Promise<void> {
    const ended = await fill(key, 200);
    expect(ended.stderr, said(ended)).toContain("database space exceeded");
    expect(await alarms()).toContain("NOSPACE");
  }

  test("defragment: history is forgotten and its space given back", async () => {
    const guide = new Guide("defragment");
    // At 80 per cent of the quota it is worth a pause; how much a value takes of the file is the database's own affair.
    while (Math.min(...(await sizes())) < 52) {
      const filled = await fill("fill", 4);
      expect(filled.code, said(filled)).toBe(0);
    }
    await leadBy(operator, "etcd-host0");
    await underLoad(operator, "defragmented", async (doing) => {
      await guide.follow(operator, "Forget history", doing);
      await guide.follow(operator, "Defragment", doing);
    });
    expect(guide.left).toEqual([]);
    expect(Math.max(...(await sizes()))).toBeLessThan(20);
  });

  const nospace = new Guide("nospace");

  test("nospace: a full cluster takes writes again", async () => {
    await leadBy(operator, "etcd-host0");
    await underLoad(
      operator,
      "no space left, by history",
      async (doing) => {
        await doing(() => full("fill"));
        await nospace.follow(operator, "Take writes again", doing);
      },
      patient,
    );
    expect(await alarms()).toBe("");
    expect(Math.max(...(await sizes()))).toBeLessThan(20);
  });

  test("nospace: where the keys themselves fill the quota, it is soon full again unless the quota is raised", async () => {
    await underLoad(
      operator,
      "no space left, by keys",
      async (doing) => {
        await doing(async () => {
          // The first time a little can be given back even so: pages that large values left half empty.
          let short: Ended | undefined;
          for (let round = 1; round <= 3 && short?.code !== 3; round += 1) {
            await full(`fill/${round}-$i`);
            short = await operator.quorate(["recover-space", "--yes"]);
          }
          expect(short?.code, short && said(short)).toBe(3);
          expect(short?.stderr).toContain("raise quota-backend-bytes");
        });
        await nospace.follow(operator, "When the keys themselves fill the quota", doing);
      },
      patient,
    );
    expect(nospace.left).toEqual([]);
    expect(await alarms()).toBe("");
    const emptied = await operator.etcdctl(["del", "fill", "--prefix"]);
    expect(emptied.code, said(emptied)).toBe(0);
  });

  /** A bit rots in the file of a member while it is stopped. */
  async function damage(name: string): Promise<void> {
    const put = await operator.etcdctl(["put", "ledger", "the-right-amount"]);
    expect(put.code, said(put)).toBe(0);
    const host = lab.host(name);
    await host.must("systemctl stop etcd");
    const file = join(host.root, "var/lib/etcd/member/snap/db");
    const bytes = readFileSync(file);
    let found = 0;
    for (let at = bytes.indexOf("the-right-amount"); at >= 0; at = bytes.indexOf("the-right-amount", at + 1)) {
      bytes.write("the-wrong-amount", at, "latin1");
      found += 1;
    }
    expect(found).toBeGreaterThan(0);
    writeFileSync(file, bytes);
    await host.must("systemctl start etcd");
  }
  const ledgers = async (): Promise<string[]> =>
    Promise.all(
      lab.hosts.map(async ({ address }) => {
        const get = ["get", "ledger", "--print-value-only", "--consistency=s"];
        const ended = await operator.etcdctl(get, { ETCDCTL_ENDPOINTS: `https://${address}:2379` });
        return ended.stdout.trim();
      }),
    );
  const right = ["the-right-amount", "the-right-amount", "the-right-amount"];

  test("corruption: a member with wrong data, which etcd has not noticed, is found and rebuilt", async () => {
    const guide = new Guide("corruption");
    await leadBy(operator, "etcd-host0");
    await damage("etcd-host1");
    expect(await ledgers()).toEqual(["the-right-amount", "the-wrong-amount", "the-right-amount"]);
    await underLoad(operator, "rebuilt", async (doing) => {
      await guide.follow(operator, "Find out which one", doing);
      await guide.follow(operator, "Rebuild it from the others", doing);
    });
    expect(guide.left).toEqual([]);
    expect(await ledgers()).toEqual(right);
    expect(await voters(operator)).toEqual(lab.hosts.map(({ name }) => name));
  });

  test("corruption: the same for the leader, with etcd's alarm up and all writes refused", async () => {
    const guide = new Guide("corruption");
    await damage("etcd-host1");
    await leadBy(operator, "etcd-host1");
    await underLoad(
      operator,
      "rebuilt, with the alarm CORRUPT",
      async (doing) => {
        await doing(async () => {
          // By etcdctl, which asks one member: quorate asks them in turn, and the alarm may be up before the last one's.
          const { members } = await operator.json<{ members: { revision: string }[] }>(["status"]);
          const compacted = await operator.etcdctl(["compact", `${BigInt(members[0]?.revision ?? "") - 10n}`]);
          expect(compacted.code, said(compacted)).toBe(0);
          await until("the alarm", 120_000, async () => (await alarms()).includes("CORRUPT"));
          expect((await operator.etcdctl(["put", "ledger", "more"])).stderr).toContain("corrupt cluster");
          const health = await operator.quorate(["health"]);
          expect(health.code, said(health)).toBe(1);
          expect(said(health)).toContain("CORRUPT");
        });
        await guide.follow(operator, "Find out which one", doing);
        await guide.follow(operator, "Rebuild it from the others", doing);
      },
      patient,
    );
    expect(await alarms()).toBe("");
    expect(await ledgers()).toEqual(right);
    expect((await operator.quorate(["health"])).code).toBe(0);
  });
});
