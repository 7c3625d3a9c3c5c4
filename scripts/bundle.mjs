/**
 * The command line as few files: `node scripts/bundle.mjs FOLDER` replaces FOLDER/cli, compiled, by its bundle. Finding
 * and linking a hundred modules one by one costs a command more time than running them. Dependencies stay outside.
 */
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const folder = process.argv[2];
const fresh = join(folder, "cli-bundle");

/**
 * The package's entry for protobuf's wire format also loads its reflection; the one file of it that is needed goes into
 * the bundle (src/etcd/wire.ts does the same at run time).
 */
const wire = fileURLToPath(new URL("./binary-encoding.js", import.meta.resolve("@bufbuild/protobuf/wire")));

/**
 * The shell reads the first two lines, node all but the first. `health` trusts the cluster's own CA alone, so node need
 * not parse the roots of the world, which takes it longer than the whole proof: those of its own when the first TLS
 * context is made, and those that NODE_EXTRA_CA_CERTS names at every start.
 */
const launcher = `#!/bin/sh
":" //; case $1 in health) unset NODE_EXTRA_CA_CERTS; SSL_CERT_FILE=/dev/null exec node --use-openssl-ca "$0" "$@";; esac; exec node "$0" "$@"`;

const bundle = await rolldown({
  experimental: { attachDebugInfo: "none" },
  input: { main: join(folder, "cli", "main.js") },
  platform: "node",
  external: [/^node:/, /^[^./]/],
  plugins: [
    {
      name: "wire",
      resolveId: (source, importer) =>
        /[/\\]etcd[/\\]proto[/\\]/.test(importer ?? "") && source === "../wire.js" ? wire : null,
    },
  ],
});
await bundle.write({
  dir: fresh,
  format: "cjs",
  // CommonJS starts faster than ES modules do.
  chunkFileNames: "[name].js",
  strict: true,
  codeSplitting: {
    // Each with all that it needs and that none before it has.
    groups: [
      { name: "overview", test: /[/\\]cli[/\\]overview\.js$/, priority: 4 },
      { name: "health", test: /[/\\]cli[/\\]prove-at-once\.js$/, priority: 3 },
      { name: "messages", test: /[/\\]etcd[/\\]member-rpcs\.js$/, priority: 2 },
      { name: "run", test: /[/\\](open|survey|cli[/\\](program|world|carry-out|verbs[/\\]up))\.js$/, priority: 1 },
    ],
  },
});
await bundle.close();
writeFileSync(join(fresh, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
const main = join(fresh, "main.js");
writeFileSync(main, `${launcher}\n${readFileSync(main, "utf8")}`);
chmodSync(main, 0o755);
rmSync(join(folder, "cli"), { recursive: true });
renameSync(fresh, join(folder, "cli"));
