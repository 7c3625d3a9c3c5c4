/** The real cfssl, for tests: the programs `cfssl` and `cfssljson`. */
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const projectCache = fileURLToPath(new URL("../../.cache/cfssl", import.meta.url));

/** @throws Error that says how to get them */
export function cfsslFolder(): string {
  const given = process.env["QUORATE_TEST_CFSSL"];
  const folders = [...(given === undefined ? [] : [given, join(given, "usr", "bin")]), projectCache];
  const found = folders.find((folder) => existsSync(join(folder, "cfssl")) && existsSync(join(folder, "cfssljson")));
  if (found !== undefined) return found;
  throw new Error(
    `no cfssl for tests under ${folders.join(", ")}: unpack the package golang-cfssl somewhere ` +
      "and name its folder of programs in QUORATE_TEST_CFSSL",
  );
}

/** `cfssl gencert … | cfssljson -bare NAME` in a folder, as the tutorial does it. */
export function gencert(folder: string, name: string, request: object, args: readonly string[]): void {
  const programs = cfsslFolder();
  writeFileSync(join(folder, `${name}-csr.json`), JSON.stringify(request, undefined, 2));
  const options = { cwd: folder, stdio: ["pipe", "pipe", "pipe"] as ("pipe" | "ignore")[] };
  const made = execFileSync(join(programs, "cfssl"), ["gencert", ...args, `${name}-csr.json`], options);
  execFileSync(join(programs, "cfssljson"), ["-bare", name], { ...options, input: made });
}
