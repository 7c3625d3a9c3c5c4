import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { thisArch } from "../../src/release/arch.js";
import { distributionSource } from "../../src/release/sources/distribution.js";
import type { Source } from "../../src/release/sources/source.js";
import { failure } from "./support/failure.js";
import { fakeApt, type FakeApt } from "./support/fake-apt.js";
import { freshFolder } from "./support/folders.js";

const arch = thisArch();
const foreign = arch === "s390x" ? "arm64" : "s390x";

interface Stand {
  readonly apt: FakeApt;
  readonly root: string;
  readonly source: Source;
  obtain(version: string, wanted?: string): Promise<{ source: string; names: string[] }>;
}

async function stand(suites: readonly string[], machine = arch): Promise<Stand> {
  const apt = await fakeApt(machine);
  const root = await freshFolder();
  const source = distributionSource({ root, suites, environment: apt.environment, osRelease: apt.osRelease });
  return {
    apt,
    root,
    source,
    async obtain(version, wanted = machine) {
      const into = await freshFolder();
      const { source: origin } = await source.obtain({ version, arch: wanted, into, progress: () => undefined });
      return { source: origin, names: (await readdir(into)).sort() };
    },
  };
}

describe("the distribution's packages", () => {
  test("of the machine's own suite are named from its own lists alone and fetched by apt-get", async () => {
    const { apt, source, obtain } = await stand([]);
    await apt.own("3.5.99", "1");
    expect(await source.offers(arch)).toEqual(["3.5.99"]);
    expect((await apt.calls()).some((call) => call.startsWith("apt-get"))).toBe(false);
    const { source: origin, names } = await obtain("3.5.99");
    expect(names).toEqual(["etcd", "etcdctl", "etcdutl"]);
    expect(origin).toMatch(/^distribution: etcd-server_3\.5\.99-1_\w+\.deb, etcd-client_3\.5\.99-1_\w+\.deb$/);
    expect((await failure(() => obtain("3.5.98"))).code).toBe("E_RELEASE_UNREACHABLE");
  });

  test("of a line that has ended make Debian's newest suite be asked too", async () => {
    const { apt, root, source, obtain } = await stand([]);
    await apt.own("3.4.23", "4+b4");
    await apt.other("3.5.98", "2");
    expect(await source.offers(arch)).toEqual(["3.4.23", "3.5.98"]);
    expect((await obtain("3.5.98")).names).toContain("etcd");
    const text = await readFile(join(root, "apt", arch, "quorate.sources"), "utf8");
    expect(text).toContain("Suites: bookworm sid\n");
  });

  test("of other suites come through a private apt with the machine's archive and keys", async () => {
    const { apt, root, source, obtain } = await stand(["sid"]);
    await apt.own("3.4.23", "4");
    await apt.other("3.5.98", "2");
    expect(await source.offers(arch)).toEqual(["3.4.23", "3.5.98"]);
    expect((await obtain("3.5.98")).names).toEqual(["etcd", "etcdctl", "etcdutl"]);
    expect(await readFile(join(root, "apt", arch, "quorate.sources"), "utf8")).toBe(`Types: deb
URIs: ${apt.mirror}
Suites: bookworm sid
Components: main
Targets: Packages
PDiffs: no
Signed-By: /keys/archive.gpg
`);
    const updates = (await apt.calls()).filter((call) => call.startsWith("apt-get update"));
    expect(updates).toHaveLength(1);
    expect(updates[0]).toContain(`-c ${join(root, "apt", arch, "apt.conf")}`);
  });

  test("for another architecture come through a private apt for that architecture", async () => {
    const { apt, root, source, obtain } = await stand([], foreign);
    await apt.replace(
      "apt-config",
      (await readFile(join(apt.osRelease, "..", "bin", "apt-config"), "utf8"))
        .replace("#!/bin/sh\n", "")
        .replace("cat", `sed 's/^APT::Architecture .*/APT::Architecture "other";/'`),
    );
    await apt.other("3.5.97", "1");
    expect(await source.offers(foreign)).toEqual(["3.5.97"]);
    expect((await obtain("3.5.97", foreign)).names).toContain("etcd");
    expect(await readFile(join(root, "apt", foreign, "apt.conf"), "utf8")).toContain(`APT::Architecture "${foreign}";`);
  });

  test("on a fresh machine whose lists are empty still come, through the private apt", async () => {
    const { apt, source } = await stand([]);
    await apt.other("3.4.23", "4");
    expect(await source.offers(arch)).toEqual(["3.4.23"]);
  });

  test("that are not what the signed index names are refused", async () => {
    const { apt, obtain } = await stand([]);
    await apt.own("3.5.96", "1");
    const get = await readFile(join(apt.osRelease, "..", "bin", "apt-get"), "utf8");
    await apt.replace(
      "apt-get",
      get
        .replace("#!/bin/sh\n", "")
        .replace("else cp", 'else echo more >> "$name"; cat')
        .replace(" .; fi", ' >> "$name"; fi'),
    );
    const error = await failure(() => obtain("3.5.96"));
    expect(error.code).toBe("E_RELEASE_DIGEST");
    expect(error.details.expected).toContain("the signed package index");
  });

  test("that carry a pinned name but another content are refused", async () => {
    const { apt, obtain } = await stand([], "amd64");
    await apt.own("3.5.16", "4");
    const error = await failure(() => obtain("3.5.16"));
    expect(error.details.expected).toContain(
      "0875921bb0d023f2af9b8e15cdfbe417a03e65731345fb832c40f9c2dd72967b (quorate's catalogue)",
    );
  });

  test("with a pinned digest are asked for straight from the pool before lists are fetched", async () => {
    const { apt, obtain } = await stand(["sid"], "amd64");
    const error = await failure(() => obtain("3.5.30"));
    const calls = await apt.calls();
    const [pool, update] = ["apt-helper", "apt-get update"].map((start) =>
      calls.findIndex((call) => call.startsWith(start)),
    ) as [number, number];
    expect(calls[pool]).toContain(`download-file ${apt.mirror}/pool/main/e/etcd/etcd-server_3.5.30-2_amd64.deb`);
    expect(calls[pool]).toContain(" SHA256:11a4f7e350c5020b83edff5160a6063d4e56ac9cd014d21ce8916378bf96de79");
    expect(pool).toBeLessThan(update);
    expect(error.message).toContain("404 Not Found");
  });
});

describe("a machine that cannot help", () => {
  test("because it has no apt says so", async () => {
    const source = distributionSource({
      root: await freshFolder(),
      suites: ["sid"],
      environment: { PATH: await freshFolder() },
    });
    expect((await failure(() => source.offers(arch))).message).toBe("this machine has no apt");
  });

  test("because its archive does not answer knows so before apt tries for minutes", async () => {
    const { apt, source, obtain } = await stand(["sid"]);
    await apt.own("3.4.23", "4");
    await apt.closeNetwork();
    for (const work of [() => source.offers(arch), () => obtain("3.4.23")]) {
      expect((await failure(work)).message).toMatch(/^127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED$/);
    }
    expect(await apt.calls()).toEqual([""]);
  });

  test("because apt cannot fetch says what apt said", async () => {
    const { apt, source, obtain } = await stand(["sid"]);
    await apt.replace(
      "apt-get",
      "echo 'W: Some index files failed' >&2; echo 'E: Could not resolve host' >&2; exit 100",
    );
    expect((await failure(() => source.offers(arch))).message).toContain("Could not resolve host");
    expect((await failure(() => obtain("3.5.95"))).message).toContain(
      "apt-get failed (exit 100): E: Could not resolve host",
    );
    await apt.own("3.4.23", "4");
    expect(await source.offers(arch)).toEqual(["3.4.23"]);
  });

  test("because no suite has the version says where it looked", async () => {
    const { apt, obtain } = await stand(["sid", "trixie"]);
    await apt.own("3.4.23", "4");
    expect((await failure(() => obtain("3.6.14"))).message).toBe(
      `no package of etcd 3.6.14 for ${arch} in bookworm, sid, trixie`,
    );
  });
});
