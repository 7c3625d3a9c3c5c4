/**
 * The command line as few files: `node scripts/bundle.mjs FOLDER` replaces FOLDER/cli, compiled, by its bundle. Finding
 * and linking hundreds of modules one by one takes a command longer than running them.
 */
import { chmodSync, copyFileSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { compileEarly } from "./compile-early.mjs";

const folder = process.argv[2];
const fresh = join(folder, "cli-bundle");
const project = fileURLToPath(new URL("..", import.meta.url));

/** What nearly every verb needs. What stays outside is loaded seldom, or is no faster in a bundle. */
const bundled = ["commander", "yaml", "@peculiar/x509", "reflect-metadata"];
const { dependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
const outside = Object.keys(dependencies).filter((name) => !bundled.includes(name));

/**
 * The package's entry for protobuf's wire format also loads its reflection; the one file of it that is needed goes into
 * the bundle (src/etcd/wire.ts does the same at run time).
 */
const wire = fileURLToPath(new URL("./binary-encoding.js", import.meta.resolve("@bufbuild/protobuf/wire")));

const plugin = {
  name: "etcd",
  resolveId(source, importer) {
    if (importer === undefined) return null;
    if (source === "../wire.js" && /[/\\]etcd[/\\]proto[/\\]/.test(importer)) return wire;
    return null;
  },
};

/**
 * The shell reads the first two lines, node all but the first. `health` trusts the cluster's own CA alone, so node need
 * not parse the roots of the world, which takes it longer than the whole proof: those of its own when the first TLS
 * context is made, and those that NODE_EXTRA_CA_CERTS names at every start. Nor does it live long enough for V8 to do
 * anything in the background that would be worth four threads.
 */
const launcher = `#!/bin/sh
":" //; case $1 in health) unset NODE_EXTRA_CA_CERTS; SSL_CERT_FILE=/dev/null exec node --use-openssl-ca --v8-pool-size=1 "$0" "$@";; esac; exec node "$0" "$@"`;

const bundle = await rolldown({
  input: { main: join(folder, "cli", "main.js") },
  platform: "node",
  external: [/^node:/, ...outside, ...outside.map((name) => `${name}/wire`)],
  plugins: [plugin],
  checks: { ineffectiveDynamicImport: false },
  experimental: { attachDebugInfo: "none" },
});
const { output } = await bundle.write({
  dir: fresh,
  format: "cjs", // starts faster than ES modules do
  strict: true,
  dynamicImportInCjs: false, // what is compiled early can require, but not import
  // Names of functions and classes stay, for the lines of a bug report.
  minify: { compress: false, mangle: { toplevel: false, keepNames: true } },
  chunkFileNames: "[name].js",
  codeSplitting: {
    // Each with all that it needs and that none before it has.
    groups: [
      { name: "overview", test: /[/\\]cli[/\\]overview\.js$/, priority: 4 },
      { name: "health", test: /[/\\]cli[/\\]prove-at-once\.js$|rolldown[/\\]runtime/, priority: 3 },
      { name: "errors", test: /[/\\](errors|error-catalogue)\.js$/, priority: 2 },
      {
        name: "x509",
        test: /[/\\]pki[/\\]x509-library\.js$/,
        priority: 1.5,
      },
      {
        name: "run",
        test: /[/\\](open|survey|spec[/\\]load|cli[/\\](program|world|carry-out|verbs[/\\]up))\.js$/,
        priority: 1,
      },
    ],
  },
});
await bundle.close();
for (const name of ["health", "x509", "run"]) compileEarly(fresh, name);

const main = join(fresh, "main.js");
writeFileSync(main, `${launcher}\n${withoutRuntime(readFileSync(main, "utf8"))}`);
chmodSync(main, 0o755);
writeFileSync(join(fresh, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
for (const [name, home] of packagesIn(output)) {
  const license = readdirSync(home).find((file) => /^LICENSE(\.\w+)?$/.test(file));
  if (license === undefined) throw new Error(`${name} is in the bundle and has no license to go with it`);
  copyFileSync(join(home, license), join(fresh, `LICENSE-${name.replace("/", "-")}`));
}
const heads = [wire, fileURLToPath(new URL("./varint.js", pathToFileURL(wire)))].map(
  (file) => /^(\/\/.*\n)+/.exec(readFileSync(file, "utf8"))[0],
);
writeFileSync(join(fresh, "LICENSE-protobuf"), heads.join("\n").replace(/^\/\/ ?/gm, ""));
rmSync(join(folder, "cli"), { recursive: true });
renameSync(fresh, join(folder, "cli"));

/** The bundler has main load its few functions for modules, and main uses none of them. */
function withoutRuntime(text) {
  const declared = 'const require_rolldown_runtime=require("./rolldown-runtime.js");';
  if (text.split("require_rolldown_runtime").length !== 2) throw new Error("main uses the functions of the bundler");
  if (!text.includes(declared)) throw new Error(`main has no ${declared}`);
  return text.replace(declared, "");
}

/** Other people's packages of which something is in the bundle, and their folders. */
function packagesIn(chunks) {
  const files = chunks.flatMap(({ modules }) => Object.keys(modules ?? {}));
  const found = files.map((file) => /^(.*[/\\]node_modules[/\\])((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(file));
  return new Map(found.flatMap((match) => (match === null || match[2].startsWith("@bufbuild") ? [] : [[match[2], match[0]]])));
}
