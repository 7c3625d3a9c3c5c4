// Takes etcd's three proto files and removes the options that only Go and the HTTP gateway need; the wire format stays.
//   node scripts/import-proto.mjs FOLDER      FOLDER holds etcdserverpb/, mvccpb/ and authpb/
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = process.argv[2];
if (source === undefined) {
  console.error("usage: node scripts/import-proto.mjs FOLDER");
  process.exit(1);
}
const target = fileURLToPath(new URL("../proto/", import.meta.url));
const files = { "rpc.proto": "etcdserverpb/rpc.proto", "kv.proto": "mvccpb/kv.proto", "auth.proto": "authpb/auth.proto" };

/** Fields of 3.6 that the 3.5 files lack, each put behind the field it follows. */
const newer = [
  ["rpc.proto", "  bool isLearner = 10;\n", [
    "  // storageVersion is the version of the db file; it may change without its content changing. 3.6+",
    "  string storageVersion = 11;",
    "  // dbSizeQuota is the configured backend quota, in bytes. 3.6+",
    "  int64 dbSizeQuota = 12;",
    "  // downgradeInfo says whether a downgrade is going on. 3.6+",
    "  DowngradeInfo downgradeInfo = 13;",
  ]],
  ["rpc.proto", "  bytes blob = 3;\n", [
    "  // version of the member that made the snapshot. 3.6+",
    "  string version = 4;",
  ]],
  ["rpc.proto", "  int64 compact_revision = 3;\n", [
    "  // hash_revision is the revision up to which the hash was computed. 3.6+",
    "  int64 hash_revision = 4;",
  ]],
];

const downgradeInfo = `
// 3.6+
message DowngradeInfo {
  // enabled: the cluster is being downgraded.
  bool enabled = 1;
  // targetVersion is the version to downgrade to.
  string targetVersion = 2;
}
`;

for (const [name, path] of Object.entries(files)) {
  let text = readFileSync(join(source, path), "utf8");
  text = text
    .replaceAll(/option \(google\.api\.http\) = \{(?:[^{}]|\{[^{}]*\})*\};/g, "")
    .replaceAll(/^option \((?:gogoproto|grpc\.gateway)[^\n]*\n/gm, "")
    .replaceAll(/^option go_package[^\n]*\n/gm, "")
    .replaceAll(/^\s*option \(versionpb\.[^\n]*\n/gm, "")
    .replaceAll(/\s*\[\s*\((?:gogoproto|versionpb)\.[^\]]*\]/g, "")
    .replaceAll(/^import "(?:gogoproto|google|protoc-gen|etcd\/api\/versionpb)[^\n]*\n/gm, "")
    .replaceAll("// for grpc-gateway\n", "")
    // What etcd's authors still mean to do is not told here.
    .replaceAll(/^\s*\/\/ TODO[^\n]*\n/gm, "")
    .replaceAll(/import "etcd\/api\/(?:mvccpb|authpb)\//g, 'import "')
    .replaceAll(/ returns \(([^)]*)\) \{\s*\}/g, " returns ($1) {}")
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll("\t", "  ")
    .replaceAll(/\n{3,}/g, "\n\n");
  for (const [file, after, lines] of newer) {
    if (file !== name) continue;
    if (text.split(after).length !== 2) throw new Error(`${name}: "${after.trim()}" does not stand there exactly once`);
    text = text.replace(after, `${after}${lines.join("\n")}\n`);
  }
  if (name === "rpc.proto") text = `${text.trimEnd()}\n${downgradeInfo}`;
  text = `// ${path} of etcd, Copyright The etcd Authors, Apache License 2.0. Modified: see PROVENANCE.md.\n\n${text}`;
  if (/gogoproto|google\.api|openapi|versionpb/.test(text)) throw new Error(`${name}: an option was left over`);
  writeFileSync(join(target, name), text);
}
