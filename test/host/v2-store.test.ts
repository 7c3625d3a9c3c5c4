/** Looking for v2 keys on this machine, with programs in etcdutl's place; the real one is tried in test/changes. */
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localTrial, type LocalTrial } from "./local-trial.js";

describe("looking for keys of the v2 API", () => {
  let trial: LocalTrial;
  beforeEach(async () => {
    trial = await localTrial();
    await mkdir(trial.state, { recursive: true });
    for (const folder of ["data/member/snap", "data/member/wal", "log"])
      await mkdir(join(trial.folder, folder), { recursive: true });
    await writeFile(join(trial.folder, "data/member/snap/1-2.snap"), "snapshot");
    await writeFile(join(trial.folder, "data/member/snap/db.tmp.7"), "being defragmented");
    await writeFile(join(trial.folder, "data/member/wal/0-0.wal"), "beside the data");
    await writeFile(join(trial.folder, "log/0-0.wal"), "in a place of its own");
  });
  afterEach(() => trial.remove());

  /** @param lines of a program that has the folder that it is to look at in $f */
  async function ask(lines: readonly string[], wal?: string): Promise<string> {
    const etcdutl = join(trial.folder, "etcdutl");
    const begin = ["#!/bin/sh", '[ "$1 $2 $3" = "check v2store --data-dir" ] || exit 9', "f=$4"];
    await writeFile(etcdutl, [...begin, ...lines, ""].join("\n"));
    await chmod(etcdutl, 0o755);
    let said = "nothing";
    const data = join(trial.folder, "data");
    await trial
      .open()
      .act([{ do: "check-v2-store", etcdutl, data, wal, state: trial.state, answer: (text) => (said = text) }]);
    return said;
  }

  it("is clean when etcdutl says so, which has seen the snapshots and the log", async () => {
    expect(await ask(['[ "$(cat "$f"/member/snap/* "$f"/member/wal/*)" = "snapshotbeside the data" ]'])).toBe("clean");
    expect(await ask(['[ "$(cat "$f"/member/wal/*)" = "in a place of its own" ]'], join(trial.folder, "log"))).toBe(
      "clean",
    );
  });

  it("tells what etcdutl said otherwise", async () => {
    expect(await ask(["echo detected >&2; exit 1"])).toBe("detected");
  });

  it("asks again, since files may go while they are read", async () => {
    const tries = join(trial.folder, "tries");
    expect(await ask([`echo >>${tries}; [ "$(wc -l <${tries})" = 2 ]`])).toBe("clean");
  });

  it("lets it rename and remove links, and no file", async () => {
    expect(await ask(['mv "$f"/member/snap/1-2.snap "$f"/member/snap/1-2.snap.broken; rm -f "$f"/member/wal/*'])).toBe(
      "clean",
    );
    expect(await readdir(join(trial.folder, "data/member/snap"))).toEqual(["1-2.snap", "db.tmp.7"]);
    expect(await readFile(join(trial.folder, "data/member/wal/0-0.wal"), "utf8")).toBe("beside the data");
    expect((await readdir(trial.state)).filter((name) => name.includes("v2store"))).toEqual([]);
  });

  it("says when there is no etcdutl", async () => {
    let said = "";
    const etcdutl = join(trial.folder, "none");
    await trial.open().act([
      {
        ...{ do: "check-v2-store", etcdutl, data: trial.folder, wal: undefined, state: trial.state },
        answer: (text) => (said = text),
      },
    ]);
    expect(said).toBe("missing");
  });
});
