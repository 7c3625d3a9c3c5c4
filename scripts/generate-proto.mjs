// Regenerates src/etcd/proto from proto/. Needs protoc (Debian: protobuf-compiler), by name on PATH or as $PROTOC.
//   node scripts/generate-proto.mjs            regenerate
//   node scripts/generate-proto.mjs --check    exit 1 when what is committed differs from what would be generated
import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const committed = join(root, "src/etcd/proto");
const options = [
  "outputServices=generic-definitions",
  "outputJsonMethods=false",
  "forceLong=bigint",
  "oneof=unions-value",
  // Uint8Array without a copy; the node setting would copy every blob into a Buffer of its own.
  "env=browser",
  "importSuffix=.js",
  "esModuleInterop=true",
  "useExactTypes=false",
  "snakeToCamel=true",
  "removeEnumPrefix=true",
  "comments=true",
].join(",");

const folder = mkdtempSync(join(tmpdir(), "quorate-proto-"));
try {
  const protoc = spawnSync(process.env.PROTOC ?? "protoc", [
    `--plugin=protoc-gen-ts_proto=${join(root, "node_modules/ts-proto/protoc-gen-ts_proto")}`,
    `--ts_proto_out=${folder}`,
    `--ts_proto_opt=${options}`,
    `-I${join(root, "proto")}`,
    "rpc.proto",
    "kv.proto",
    "auth.proto",
  ], { stdio: "inherit" });
  if (protoc.error !== undefined) throw new Error(`protoc cannot be run (Debian: protobuf-compiler): ${protoc.error.message}`);
  if (protoc.status !== 0) process.exit(protoc.status ?? 1);
  mkdirSync(committed, { recursive: true });
  let differs = false;
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), "utf8")
      // Which protoc it was makes no difference to the result.
      .replaceAll(/^\/\/\s+protoc\s+v.*\n/gm, "")
      .replaceAll('"@bufbuild/protobuf/wire"', '"../wire.js"');
    const path = join(committed, name);
    if (process.argv.includes("--check")) differs ||= readFileSync(path, "utf8") !== text;
    else writeFileSync(path, text);
  }
  if (differs) {
    console.error("src/etcd/proto differs from proto/: run node scripts/generate-proto.mjs");
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
