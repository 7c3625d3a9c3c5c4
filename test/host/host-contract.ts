/**
 * What every Host must do, whether it is the fake one, this machine or a machine behind ssh. Uses nothing but the
 * interface, so that the same file judges all of them.
 */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { QuorateError } from "../../src/errors.js";
import type { Host, HostAction, HostQuestion, LockHolder, Reachable } from "../../src/host/host.js";

/** One host to try things on, and a second connection to the same host, as another operator would have. */
export interface Trial {
  readonly host: Host;
  readonly rival: Host;
  /** An existing, empty folder on the host that the trial owns. */
  readonly folder: string;
  /** Account that owns what is made there. */
  readonly owner: string;
  readonly group: string;
  readonly service: HostQuestion["service"];
  /** A unit (or run script) of a program that runs until SIGTERM, with QUORATE_CONFIG=c0ffee. */
  readonly unitText: string;
  readonly unitMode: string;
  cleanUp(): Promise<void>;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export const holder = (operator: string): LockHolder => ({
  operator,
  machine: "laptop",
  pid: 4711,
  command: "quorate up",
  since: "2031-04-05T06:07:08.000Z",
  run: "20310405T060708-ab12",
});

export function hostContract(name: string, makeTrial: () => Promise<Trial>): void {
  describe(`host contract: ${name}`, () => {
    let trial: Trial;
    beforeEach(async () => {
      trial = await makeTrial();
    });
    afterEach(async () => {
      await trial.cleanUp();
    });

    const at = (path: string): string => `${trial.folder}/${path}`;
    const put = (path: string, text: string, mode = "0644"): HostAction => ({
      do: "put-file",
      path: at(path),
      mode,
      owner: trial.owner,
      group: trial.group,
      sha256: sha256(text),
      bytes: async () => bytesOf(text),
    });
    const folder = (path: string, mode = "0755"): HostAction => ({ do: "make-directory", path: at(path), mode, owner: trial.owner, group: trial.group });
    const look = async (question: Partial<HostQuestion> = {}): Promise<Reachable> => {
      const seen = await trial.host.observe({
        service: trial.service,
        user: trial.owner,
        texts: [],
        stats: [],
        digests: [],
        releases: [],
        data: at("data"),
        wal: undefined,
        state: at("state"),
        ports: [],
        ...question,
      });
      if (seen.reach === "unreachable") throw seen.error;
      return seen;
    };
    const failure = async (work: Promise<unknown>): Promise<QuorateError> => {
      const error: unknown = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof QuorateError)) throw new Error(`expected a QuorateError, got ${String(error)}`);
      return error;
    };

    it("says what machine it is", async () => {
      const seen = await look();
      expect(seen.arch).toMatch(/^[a-z0-9_]+$/);
      expect(seen.memoryTotal).toBeGreaterThan(1e6);
      expect(seen.addresses).toContain("127.0.0.1");
      expect(Math.abs(seen.clockSkew)).toBeLessThan(60_000);
    });

    it("knows who has an account", async () => {
      expect((await look()).userExists).toBe(true);
      expect((await look({ user: "nobody-of-that-name" })).userExists).toBe(false);
    });

    it("has no entry for what is absent", async () => {
      const path = at("absent");
      const seen = await look({ texts: [path], stats: [path], digests: [path], releases: [path] });
      expect([seen.texts, seen.stats, seen.digests, seen.releases]).toEqual([{}, {}, {}, {}]);
    });

    it("puts a file with its content, mode and owner", async () => {
      await trial.host.act([put("file", "hello\nworld", "0640")]);
      const seen = await look({ texts: [at("file")], stats: [at("file")], digests: [at("file")] });
      expect(seen.texts[at("file")]).toBe("hello\nworld");
      expect(seen.digests[at("file")]).toBe(sha256("hello\nworld"));
      expect(seen.stats[at("file")]).toEqual({ kind: "file", mode: "0640", owner: trial.owner, group: trial.group, size: 11, target: undefined });
    });

    it("puts an empty file", async () => {
      await trial.host.act([put("empty", "")]);
      expect((await look({ texts: [at("empty")] })).texts[at("empty")]).toBe("");
    });

    it("replaces a file", async () => {
      await trial.host.act([put("file", "one")]);
      await trial.host.act([put("file", "two")]);
      expect((await look({ texts: [at("file")] })).texts[at("file")]).toBe("two");
    });

    it("keeps the old file when the new one arrives changed", async () => {
      await trial.host.act([put("file", "old")]);
      const error = await failure(trial.host.act([{ ...put("file", "new"), sha256: sha256("other") } as HostAction]));
      expect(error.code).toBe("E_HOST_DIGEST");
      expect((await look({ texts: [at("file")] })).texts[at("file")]).toBe("old");
    });

    it("stops at the first failure", async () => {
      const error = await failure(trial.host.act([put("a", "1"), put("no/such/folder", "2"), put("b", "3")]));
      expect(error.code).toBe("E_HOST_COMMAND");
      const seen = await look({ texts: [at("a"), at("b")] });
      expect(seen.texts).toEqual({ [at("a")]: "1" });
    });

    it("stops when the bytes of a file cannot be had", async () => {
      const broken = { ...put("b", "2"), bytes: () => Promise.reject(new Error("no such binary")) } as HostAction;
      await expect(trial.host.act([put("a", "1"), broken, put("c", "3")])).rejects.toThrow("no such binary");
      expect((await look({ texts: [at("a"), at("b"), at("c")] })).texts).toEqual({ [at("a")]: "1" });
    });

    it("reports the bytes of a large file as they are sent", async () => {
      const bytes = new Uint8Array(3_000_000).fill(7);
      const sent: number[] = [];
      const action: HostAction = { do: "put-file", path: at("large"), mode: "0644", owner: trial.owner, group: trial.group, sha256: sha256(bytes), bytes: async () => bytes };
      await trial.host.act([action], (count) => sent.push(count));
      expect(sent.at(-1)).toBe(3_000_000);
      expect(sent).toEqual(sent.toSorted((a, b) => a - b));
      expect((await look({ stats: [at("large")] })).stats[at("large")]?.size).toBe(3_000_000);
    });

    it("makes folders, twice", async () => {
      await trial.host.act([folder("deep/er", "0700")]);
      await trial.host.act([folder("deep/er", "0750")]);
      expect((await look({ stats: [at("deep/er")] })).stats[at("deep/er")]).toMatchObject({ kind: "dir", mode: "0750", owner: trial.owner });
    });

    it("points a link and points it elsewhere", async () => {
      await trial.host.act([folder("one"), folder("two"), { do: "link", path: at("live"), target: at("one") }]);
      await trial.host.act([{ do: "link", path: at("live"), target: at("two") }]);
      expect((await look({ stats: [at("live")] })).stats[at("live")]).toMatchObject({ kind: "link", target: at("two") });
    });

    it("reads through a link to a folder", async () => {
      await trial.host.act([folder("one"), put("one/ca.pem", "pem"), { do: "link", path: at("live"), target: at("one") }]);
      expect((await look({ texts: [at("live/ca.pem")] })).texts[at("live/ca.pem")]).toBe("pem");
    });

    it("moves a folder aside, and does nothing the second time", async () => {
      await trial.host.act([folder("data"), put("data/x", "1")]);
      const move: HostAction = { do: "move-aside", path: at("data"), to: at("data.old") };
      await trial.host.act([move]);
      await trial.host.act([move]);
      const seen = await look({ texts: [at("data.old/x")] });
      expect([seen.data.kind, seen.texts[at("data.old/x")]]).toEqual(["absent", "1"]);
    });

    it("never moves onto something", async () => {
      await trial.host.act([folder("data"), folder("data.old")]);
      const error = await failure(trial.host.act([{ do: "move-aside", path: at("data"), to: at("data.old") }]));
      expect(error.code).toBe("E_HOST_IN_THE_WAY");
    });

    it("removes a tree, and does nothing the second time", async () => {
      await trial.host.act([folder("tree/deep"), put("tree/deep/x", "1")]);
      await trial.host.act([{ do: "remove", path: at("tree") }]);
      await trial.host.act([{ do: "remove", path: at("tree") }]);
      expect((await look({ stats: [at("tree")] })).stats).toEqual({});
    });

    it("appends lines", async () => {
      await trial.host.act([{ do: "append", path: at("log"), text: "one\n" }]);
      await trial.host.act([{ do: "append", path: at("log"), text: "two 'quoted' $HOME\n" }]);
      expect((await look({ texts: [at("log")] })).texts[at("log")]).toBe("one\ntwo 'quoted' $HOME\n");
    });

    it("tells an empty data folder from a foreign one", async () => {
      await trial.host.act([folder("data")]);
      expect((await look()).data).toEqual({ kind: "empty" });
      await trial.host.act([put("data/letters.txt", "1")]);
      expect((await look()).data).toEqual({ kind: "foreign", found: ["letters.txt"] });
    });

    it("seals a release and sees when it is damaged", async () => {
      const release = [folder("etcd-v3"), put("etcd-v3/etcd", "binary", "0755"), put("etcd-v3/etcdctl", "tool", "0755")];
      await trial.host.act([...release, { do: "seal-release", path: at("etcd-v3") }]);
      const sealed = (await look({ releases: [at("etcd-v3")] })).releases[at("etcd-v3")];
      expect(sealed).toMatch(/^[0-9a-f]{64}$/);
      await trial.host.act([put("etcd-v3/etcd", "another", "0755")]);
      expect((await look({ releases: [at("etcd-v3")] })).releases[at("etcd-v3")]).toBe("damaged");
    });

    it("reads the member's mark", async () => {
      expect((await look()).mark).toBeUndefined();
      await trial.host.act([folder("state"), put("state/member.json", '{"clusterId":"abc"}\n')]);
      expect((await look()).mark).toBe('{"clusterId":"abc"}\n');
    });

    it("tells how much room a disk has, for folders still to be made too", async () => {
      const disk = (await look()).disks[at("data")];
      expect(disk?.freeBytes).toBeGreaterThan(0);
      expect([disk?.readOnly, disk?.noExec]).toEqual([false, false]);
    });

    it("starts, shows and stops the service", async () => {
      const { unit, unitPath } = trial.service;
      const unitFile: HostAction = {
        ...(put("unused", trial.unitText, trial.unitMode) as Extract<HostAction, { do: "put-file" }>),
        path: unitPath,
      };
      expect((await look()).service).toMatchObject({ installed: false, state: "stopped", pid: undefined });
      await trial.host.act([folder("state"), unitFile, { do: "reload-units" }, { do: "enable", unit }]);
      expect((await look()).service).toMatchObject({ installed: true, enabled: true, needsReload: false, state: "stopped" });
      await trial.host.act([{ do: "start", unit }]);
      await trial.host.act([{ do: "start", unit }]);
      await expect.poll(async () => (await look()).service.config, { timeout: 10_000 }).toBe("c0ffee");
      const running = (await look()).service;
      expect(running).toMatchObject({ state: "running", restarts: 0 });
      expect(running.pid).toBeGreaterThan(1);
      await trial.host.act([{ do: "stop", unit, graceSeconds: 10 }]);
      await trial.host.act([{ do: "stop", unit, graceSeconds: 10 }]);
      expect((await look()).service).toMatchObject({ state: "stopped", pid: undefined });
      await trial.host.act([{ do: "disable", unit }, { do: "disable", unit }, { do: "remove", path: unitPath }, { do: "reload-units" }]);
      expect((await look()).service.installed).toBe(false);
    });

    it("gives the lock to one at a time and says who has it", async () => {
      expect(await trial.host.lock(holder("ann"))).toBeUndefined();
      expect(await trial.rival.lock(holder("bob"))).toEqual(holder("ann"));
      expect((await look()).lock).toEqual(holder("ann"));
      await trial.host.unlock();
      expect((await look()).lock).toBeUndefined();
      expect(await trial.rival.lock(holder("bob"))).toBeUndefined();
      expect(await trial.host.lock(holder("ann"))).toEqual(holder("bob"));
    });

    it("gives the lock to exactly one of two who want it at the same instant", async () => {
      for (let round = 0; round < 10; round += 1) {
        const answers = await Promise.all([trial.host.lock(holder("ann")), trial.rival.lock(holder("bob"))]);
        expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
        await Promise.all([trial.host.unlock(), trial.rival.unlock()]);
      }
    });

    it("frees the lock when its holder's connection ends", async () => {
      expect(await trial.rival.lock(holder("bob"))).toBeUndefined();
      await trial.rival.close();
      await expect.poll(() => trial.host.lock(holder("ann")), { timeout: 10_000 }).toBeUndefined();
    });

    it("steals the lock from a holder, who can then change nothing", async () => {
      expect(await trial.rival.lock(holder("bob"))).toBeUndefined();
      expect(await trial.host.lock(holder("ann"), true)).toBeUndefined();
      const error = await failure(trial.rival.act([put("late", "1")]).then(() => trial.rival.act([put("late", "1")])));
      expect(["E_HOST_LOST", "E_LOCK_LOST"]).toContain(error.code);
      expect((await failure(trial.rival.act([put("late", "1")]))).code).toBe("E_LOCK_LOST");
      expect((await look({ texts: [at("late")] })).texts).toEqual({});
    });

    it("counts what is waited for together as one round trip", async () => {
      await look();
      const before = trial.host.roundTrips;
      await Promise.all([trial.host.act([put("a", "1"), put("b", "2")]), look({ texts: [at("b")] })]);
      expect(trial.host.roundTrips - before).toBe(1);
    });

    it("sees what it was told to do just before, without waiting in between", async () => {
      const [, seen] = await Promise.all([trial.host.act([put("a", "1")]), look({ texts: [at("a")] })]);
      expect(seen.texts[at("a")]).toBe("1");
    });
  });
}
