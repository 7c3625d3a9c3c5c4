/** `npm run bench`: compile the benches and run them. Options: --only NAME, --runs N, --list. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { labLacks } from "./lab-needs.mjs";
import { project, ready, run } from "./ready.mjs";
import { testEtcdLacks } from "./test-etcd.mjs";

ready();
const etcdLacks = await testEtcdLacks();
if (etcdLacks !== undefined) {
  console.error(etcdLacks);
  process.exit(1);
}
const lacks = labLacks();
const compiled = join(project, ".cache", "bench");
rmSync(compiled, { recursive: true, force: true });
run(process.execPath, [join(project, "node_modules", "typescript-7", "bin", "tsc"), "-p", "bench/tsconfig.json"]);
const env = { ...process.env, QUORATE_TEST_ETCD: process.env.QUORATE_TEST_ETCD ?? join(project, ".cache", "etcd") };
// Reading a whole bundle of extra CA certificates costs every node process 80 ms, ours and the anchors' alike;
// neither needs it.
delete env.NODE_EXTRA_CA_CERTS;
if (lacks !== undefined) env.QUORATE_BENCH_LAB_LACKS = lacks;
const program = ["--expose-gc", join(compiled, "bench", "bench.js"), ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, program, { cwd: project, stdio: "inherit", env }).status ?? 1;
