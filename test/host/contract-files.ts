/** The part of the contract of a Host about what it says and what it does with files. */
import { expect, it } from "vitest";
import type { HostAction } from "../../src/host/host.js";
import { sha256, toolsFor, type Trial } from "./trial.js";

export function fileContract(current: () => Trial): void {
  const { at, put, folder, look, failure } = toolsFor(current);

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
    await current().host.act([put("file", "hello\nworld", "0640")]);
    const seen = await look({ texts: [at("file")], stats: [at("file")], digests: [at("file")] });
    expect(seen.texts[at("file")]).toBe("hello\nworld");
    expect(seen.digests[at("file")]).toBe(sha256("hello\nworld"));
    expect(seen.stats[at("file")]).toEqual({
      kind: "file",
      mode: "0640",
      owner: current().owner,
      group: current().group,
      size: 11,
      target: undefined,
    });
  });

  it("puts an empty file", async () => {
    await current().host.act([put("empty", "")]);
    expect((await look({ texts: [at("empty")] })).texts[at("empty")]).toBe("");
  });

  it("replaces a file", async () => {
    await current().host.act([put("file", "one")]);
    await current().host.act([put("file", "two")]);
    expect((await look({ texts: [at("file")] })).texts[at("file")]).toBe("two");
  });

  it("keeps the old file when the new one arrives changed", async () => {
    await current().host.act([put("file", "old")]);
    const error = await failure(current().host.act([{ ...put("file", "new"), sha256: sha256("other") } as HostAction]));
    expect(error.code).toBe("E_HOST_DIGEST");
    expect((await look({ texts: [at("file")] })).texts[at("file")]).toBe("old");
  });

  it("stops at the first failure", async () => {
    const error = await failure(current().host.act([put("a", "1"), put("no/such/folder", "2"), put("b", "3")]));
    expect(error.code).toBe("E_HOST_COMMAND");
    const seen = await look({ texts: [at("a"), at("b")] });
    expect(seen.texts).toEqual({ [at("a")]: "1" });
  });

  it("stops when the bytes of a file cannot be had", async () => {
    const broken = { ...put("b", "2"), bytes: () => Promise.reject(new Error("no such binary")) } as HostAction;
    const before = [put("a", "1"), folder("between")];
    await expect(current().host.act([...before, broken, put("c", "3")])).rejects.toThrow("no such binary");
    expect((await look({ texts: [at("a"), at("b"), at("c")] })).texts).toEqual({ [at("a")]: "1" });
  });

  it("puts several files of a folder, each with its content and mode", async () => {
    const texts = { a: "one\n", b: "", c: "\0two\n\n", "with blank": "3" };
    await current().host.act([
      put("a", texts.a, "0600"),
      put("b", texts.b, "0644"),
      put("c", texts.c, "0600"),
      put("with blank", texts["with blank"]),
    ]);
    const paths = Object.keys(texts).map(at);
    const seen = await look({ digests: paths, stats: paths });
    expect(seen.digests).toEqual(
      Object.fromEntries(Object.entries(texts).map(([name, text]) => [at(name), sha256(text)])),
    );
    expect(paths.map((path) => seen.stats[path]?.mode)).toEqual(["0600", "0644", "0600", "0644"]);
  });

  it("keeps the old file when one of several arrives changed", async () => {
    await current().host.act([put("b", "old")]);
    const changed = { ...put("b", "new"), sha256: sha256("other") } as HostAction;
    const error = await failure(current().host.act([put("a", "1"), changed, put("c", "3")]));
    expect(error.code).toBe("E_HOST_DIGEST");
    const seen = await look({ texts: [at("b"), at("c")] });
    expect(seen.texts).toEqual({ [at("b")]: "old" });
  });

  it("reports the bytes of a large file as they are sent", async () => {
    const bytes = new Uint8Array(3_000_000).fill(7);
    const sent: number[] = [];
    const action: HostAction = {
      do: "put-file",
      path: at("large"),
      mode: "0644",
      owner: current().owner,
      group: current().group,
      sha256: sha256(bytes),
      bytes: async () => bytes,
    };
    await current().host.act([action], (count) => sent.push(count));
    expect(sent.at(-1)).toBe(3_000_000);
    expect(sent).toEqual(sent.toSorted((a, b) => a - b));
    expect((await look({ stats: [at("large")] })).stats[at("large")]?.size).toBe(3_000_000);
  });

  it("makes folders, twice", async () => {
    await current().host.act([folder("deep/er", "0700")]);
    await current().host.act([folder("deep/er", "0750")]);
    expect((await look({ stats: [at("deep/er")] })).stats[at("deep/er")]).toMatchObject({
      kind: "dir",
      mode: "0750",
      owner: current().owner,
    });
  });

  it("points a link and points it elsewhere", async () => {
    await current().host.act([folder("one"), folder("two"), { do: "link", path: at("live"), target: at("one") }]);
    await current().host.act([{ do: "link", path: at("live"), target: at("two") }]);
    expect((await look({ stats: [at("live")] })).stats[at("live")]).toMatchObject({
      kind: "link",
      target: at("two"),
    });
  });

  it("reads through a link to a folder", async () => {
    await current().host.act([
      folder("one"),
      put("one/ca.pem", "pem"),
      { do: "link", path: at("live"), target: at("one") },
    ]);
    expect((await look({ texts: [at("live/ca.pem")] })).texts[at("live/ca.pem")]).toBe("pem");
  });

  it("moves a folder aside, and does nothing the second time", async () => {
    await current().host.act([folder("data"), put("data/x", "1")]);
    const move: HostAction = { do: "move-aside", path: at("data"), to: at("data.old") };
    await current().host.act([move]);
    await current().host.act([move]);
    const seen = await look({ texts: [at("data.old/x")] });
    expect([seen.data.kind, seen.texts[at("data.old/x")]]).toEqual(["absent", "1"]);
  });

  it("never moves onto something", async () => {
    await current().host.act([folder("data"), folder("data.old")]);
    const error = await failure(current().host.act([{ do: "move-aside", path: at("data"), to: at("data.old") }]));
    expect(error.code).toBe("E_HOST_IN_THE_WAY");
  });

  it("removes a tree, and does nothing the second time", async () => {
    await current().host.act([folder("tree/deep"), put("tree/deep/x", "1")]);
    await current().host.act([{ do: "remove", path: at("tree") }]);
    await current().host.act([{ do: "remove", path: at("tree") }]);
    expect((await look({ stats: [at("tree")] })).stats).toEqual({});
  });

  it("appends lines", async () => {
    await current().host.act([{ do: "append", path: at("log"), text: "one\n" }]);
    await current().host.act([{ do: "append", path: at("log"), text: "two 'quoted' $HOME\n" }]);
    expect((await look({ texts: [at("log")] })).texts[at("log")]).toBe("one\ntwo 'quoted' $HOME\n");
  });

  it("tells an empty data folder from a foreign one", async () => {
    await current().host.act([folder("data")]);
    expect((await look()).data).toEqual({ kind: "empty" });
    await current().host.act([put("data/letters.txt", "1")]);
    expect((await look()).data).toEqual({ kind: "foreign", found: ["letters.txt"] });
  });

  it("seals a release and sees when it is damaged", async () => {
    const release = [folder("etcd-v3"), put("etcd-v3/etcd", "binary", "0755"), put("etcd-v3/etcdctl", "tool", "0755")];
    await current().host.act([...release, { do: "seal-release", path: at("etcd-v3") }]);
    const sealed = (await look({ releases: [at("etcd-v3")] })).releases[at("etcd-v3")];
    expect(sealed).toMatch(/^[0-9a-f]{64}$/);
    await current().host.act([put("etcd-v3/etcd", "another", "0755")]);
    expect((await look({ releases: [at("etcd-v3")] })).releases[at("etcd-v3")]).toBe("damaged");
  });

  it("reads the member's mark", async () => {
    expect((await look()).mark).toBeUndefined();
    await current().host.act([folder("state"), put("state/member.json", '{"clusterId":"abc"}\n')]);
    expect((await look()).mark).toBe('{"clusterId":"abc"}\n');
  });

  it("tells how much room a disk has, for folders still to be made too", async () => {
    const disk = (await look()).disks[at("data")];
    expect(disk?.freeBytes).toBeGreaterThan(0);
    expect([disk?.readOnly, disk?.noExec]).toEqual([false, false]);
  });
}
