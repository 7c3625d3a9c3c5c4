/**
 * Programs by the names of apt's, for a machine whose archive is a folder: what its own lists name, what other suites
 * hold, and what lies in the pool. They log every call, so a test can see what was asked and what was not.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { architecture } from "../../../src/release/arch.js";
import { freshFolder, putProgram } from "./folders.js";
import { openSite } from "./site.js";
import { tar } from "./tarball.js";
import { tinyBinary } from "./tiny-elf.js";

export interface FakeApt {
  readonly environment: NodeJS.ProcessEnv;
  readonly osRelease: string;
  /** URL of the machine's archive; somebody listens there. */
  readonly mirror: string;
  /** From then on nobody listens at the archive. */
  closeNetwork(): Promise<void>;
  /** Lets the machine's own lists name a release. */
  own(version: string, revision: string): Promise<void>;
  /** Lets the private apt, once updated, name a release. */
  other(version: string, revision: string): Promise<void>;
  /** Every call, one per line. */
  calls(): Promise<readonly string[]>;
  /** Replaces one of the programs. */
  replace(program: string, script: string): Promise<void>;
}

export async function fakeApt(arch: string, codename = "bookworm"): Promise<FakeApt> {
  const folder = await freshFolder();
  const site = await openSite();
  let closed: Promise<void> | undefined;
  const closeNetwork = (): Promise<void> => (closed ??= site.close());
  onTestFinished(closeNetwork);
  const mirror = site.base.replace("/releases", "/debian");
  const [bin, state, pool] = ["bin", "state", "pool"].map((name) => join(folder, name)) as [string, string, string];
  const debian = architecture(arch).debian;
  const log = join(folder, "calls");
  for (const name of [state, pool, join(folder, "etc", "sources.list.d"), join(folder, "lib", "methods")])
    await mkdir(name, { recursive: true });
  await writeFile(log, "");
  await writeFile(join(folder, "os-release"), `ID=debian\nVERSION_CODENAME=${codename}\n`);
  const own = `Types: deb\nURIs: ${mirror}\nSuites: ${codename}\nComponents: main\nSigned-By: /keys/archive.gpg\n`;
  await writeFile(join(folder, "etc", "sources.list.d", "own.sources"), own);
  await writeFile(
    join(folder, "dump"),
    [
      `APT::Architecture "${debian}";`,
      `Dir "${folder}/";`,
      'Dir::Etc "etc";',
      'Dir::Etc::sourceparts "sources.list.d";',
      `Dir::Bin::methods "${folder}/lib/methods";`,
      "",
    ].join("\n"),
  );
  const which = `lists=${state}/own
for word; do
  [ "$before" = -c ] && lists=\${word%apt.conf}lists
  before=$word
done`;
  const logged = (name: string): string => `echo "${name} $*" >> ${log}`;
  await putProgram(bin, "apt-config", `cat ${folder}/dump`);
  await putProgram(bin, "apt-cache", `${logged("apt-cache")}; ${which}; cat "$lists" 2>/dev/null; exit 0`);
  await putProgram(
    bin,
    "apt-get",
    `${logged("apt-get")}; ${which}
case "$1" in
update) cp ${state}/other "$lists" 2>/dev/null; exit 0;;
download)
  for word; do case "$word" in etcd-*=*)
    name="\${word%%=*}_\${word#*=}_${debian}.deb"
    [ -f ${pool}/"$name" ] || { echo "E: Failed to fetch ${mirror}/$name 404 Not Found" >&2; exit 100; }
    if [ "$2" = --print-uris ]; then
      echo "'${mirror}/$name' $name $(wc -c < ${pool}/"$name") SHA256:$(cat ${pool}/"$name".sha256)"
    else cp ${pool}/"$name" .; fi;; esac; done;;
esac`,
  );
  await putProgram(bin, "dpkg-deb", 'exec cat "$2"');
  await putProgram(
    join(folder, "lib"),
    "apt-helper",
    `${logged("apt-helper")}; echo 'E: Failed to fetch: 404 Not Found' >&2; exit 100`,
  );

  const publish = async (version: string, revision: string, lists: string): Promise<void> => {
    const parts = {
      "etcd-server": version.startsWith("3.4.") ? ["etcd"] : ["etcd", "etcdutl"],
      "etcd-client": ["etcdctl"],
    };
    let listed = await readFile(lists, "utf8").catch(() => "");
    for (const [name, binaries] of Object.entries(parts)) {
      const deb = tar(binaries.map((one) => ({ path: `./usr/bin/${one}`, body: tinyBinary(one, version, arch) })));
      const file = join(pool, `${name}_${version}-${revision}_${debian}.deb`);
      await writeFile(file, deb);
      await writeFile(`${file}.sha256`, createHash("sha256").update(deb).digest("hex"));
      listed += `${name} | ${version}-${revision} | ${mirror} x/main ${debian} Packages\n`;
    }
    await writeFile(lists, listed);
  };
  return {
    environment: { PATH: `${bin}:/usr/bin:/bin` },
    osRelease: join(folder, "os-release"),
    mirror,
    closeNetwork,
    own: (version, revision) => publish(version, revision, join(state, "own")),
    other: (version, revision) => publish(version, revision, join(state, "other")),
    calls: async () => (await readFile(log, "utf8")).trim().split("\n"),
    replace: (program, script) => putProgram(program === "apt-helper" ? join(folder, "lib") : bin, program, script),
  };
}
