/**
 * Has the real etcd versions that the tests are written for in .cache/etcd/VERSION, through the built product's own
 * sources; with --cfssl also the real cfssl in .cache/cfssl, from the distribution's package. Needs no root. What is
 * there already is only started once to see that it runs. Ends with 1 and says what is lacking when something could
 * not be had.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
const cache = join(project, ".cache");
const built = (file) => import(new URL(`../dist/release/${file}`, import.meta.url).href);

/**
 * needed: the tests cannot do without; build: may be built, which takes minutes, where Go is; the suites in which Debian
 * has these versions.
 */
const versions = [
  { version: "3.4.23", needed: true },
  { version: "3.5.30", needed: true },
  { version: "3.5.16", needed: false },
  { version: "3.5.35", needed: false, build: true },
  { version: "3.6.16", needed: false, build: true },
  { version: "3.7.3", needed: false, build: true },
];
const suites = ["bookworm", "trixie", "forky", "sid"];

/** Whether a program starts and prints what is expected. */
const prints = (program, argv, expected) => {
  const ended = spawnSync(program, argv, { encoding: "utf8" });
  return ended.status === 0 && `${ended.stdout}${ended.stderr}`.includes(expected);
};

/** Puts files into a folder that appears whole or not at all. */
function place(files, folder) {
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, ".new-"));
  for (const [name, from] of files) copyFileSync(from, join(fresh, name), constants.COPYFILE_FICLONE);
  chmodSync(fresh, 0o755);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, ".."), { recursive: true });
  renameSync(fresh, folder);
}

/** One line per 10 % of a transfer, since this runs where no terminal is. */
function teller() {
  let last = "";
  return (done, total, what) => {
    const line = total ? `${what}: ${Math.floor((done / total) * 10) * 10} %` : what;
    if (line !== last) console.log(`  ${line}`);
    last = line;
  };
}

async function fetchEtcd({ version, needed, build = needed }) {
  const folder = join(cache, "etcd", version);
  if (prints(join(folder, "etcd"), ["--version"], `etcd Version: ${version}`)) return undefined;
  const [{ openRelease }, { thisArch }] = [await built("open-release.js"), await built("arch.js")];
  const mirror = "https://github.com/etcd-io/etcd/releases/download";
  const sources = ["cache", "distribution", "official", ...(build ? ["build"] : [])];
  try {
    console.log(`etcd ${version}`);
    const release = await openRelease({ sources, given: undefined, mirror, suites }).fetch(
      version,
      thisArch(),
      teller(),
    );
    place(
      release.binaries.map(({ name }) => [name, join(release.path, name)]),
      folder,
    );
    console.log(`  ${release.source}`);
    return undefined;
  } catch (error) {
    return { needed, text: `etcd ${version}: ${error.message}` };
  }
}

async function fetchCfssl() {
  const folder = join(cache, "cfssl");
  if (prints(join(folder, "cfssl"), ["version"], "Version:")) return undefined;
  const [{ cacheRoot }, { aptMachine }, { privateApt }, { thisArch }] = [
    await built("cache.js"),
    await built("apt/machine.js"),
    await built("apt/private-apt.js"),
    await built("arch.js"),
  ];
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, ".cfssl-"));
  try {
    console.log("cfssl");
    const root = cacheRoot(process.env);
    await privateApt(root, thisArch(), await aptMachine(process.env), suites, process.env);
    const settings = ["-c", join(root, "apt", thisArch(), "apt.conf"), "-o", "APT::Sandbox::User=root"];
    must("apt-get", ["download", "--quiet=2", ...settings, "golang-cfssl"], work);
    const [deb] = readdirSync(work);
    must("dpkg-deb", ["-x", deb, "unpacked"], work);
    const bin = join(work, "unpacked", "usr", "bin");
    place(
      readdirSync(bin).map((name) => [name, join(bin, name)]),
      folder,
    );
    console.log(`  ${deb}`);
    return undefined;
  } catch (error) {
    return { needed: true, text: `cfssl: ${error.message}` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function must(program, argv, cwd) {
  const ended = spawnSync(program, argv, { cwd, encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`${program} failed: ${ended.error?.message ?? ended.stderr.trim()}`);
}

if (!existsSync(new URL("../dist/release/open-release.js", import.meta.url))) {
  console.error("build the project first: npm run build");
  process.exit(1);
}
const lacking = [];
for (const wanted of versions) lacking.push(await fetchEtcd(wanted));
if (process.argv.includes("--cfssl")) lacking.push(await fetchCfssl());
const found = lacking.filter((one) => one !== undefined);
for (const { needed, text } of found) console.error(`${needed ? "lacking" : "left out"}: ${text}`);
if (found.some(({ needed }) => needed)) {
  console.error(
    "Any of these helps: apt with a network, access to the official release site, or Go with a module proxy.",
  );
  console.error("Or name a folder of VERSION/etcd folders in QUORATE_TEST_ETCD.");
  process.exitCode = 1;
}
