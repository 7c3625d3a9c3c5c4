/**
 * `npm start`: three real etcd processes on this machine, secured and proven. Run again, it says that nothing is to
 * be done.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { project, quorate, ready } from "./ready.mjs";

ready();
const begun = existsSync(join(project, "cluster.yaml")) ? 0 : quorate(["init", "--hosts", "local"]);
process.exitCode = begun === 0 ? quorate(["up", "--yes"]) : begun;
