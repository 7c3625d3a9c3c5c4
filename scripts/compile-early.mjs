/**
 * A chunk of the bundle beside what V8 made of it, so that it need not be compiled at every start. V8 takes that only if
 * it is of its own version, with the same flags, and for a source of the same length; otherwise it compiles as ever.
 */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import v8 from "node:v8";
import { Script } from "node:vm";

const wrapped = "exports,require,module,__filename,__dirname";

/** @param name of the chunk, without its ending; whoever requires it gets what it exports, as before */
export function compileEarly(folder, name) {
  const chunk = join(folder, `${name}.js`);
  const code = `${name}-code.js`;
  const text = readFileSync(chunk, "utf8");
  if (/\bimport\(["'`]/.test(text)) throw new Error(`${name} has an import(), which what is compiled early cannot do`);
  rmSync(chunk);
  const source = `(function(${wrapped}){${withRuntime(folder, text)}\n})`;
  writeFileSync(join(folder, code), source);
  // Named after the source, so that it can be taken for no other.
  const made = `${name}-${createHash("sha256").update(source).digest("hex").slice(0, 16)}.v8`;
  // With all its functions, not with those alone that run at once. The flag must be as ever when V8 notes the flags.
  v8.setFlagsFromString("--no-lazy");
  const script = new Script(source, { filename: code });
  v8.setFlagsFromString("--lazy");
  writeFileSync(join(folder, made), script.createCachedData());
  writeFileSync(
    chunk,
    `"use strict";const{readFileSync}=require("fs"),{Script}=require("vm"),filename=__dirname+"/${code}";let cachedData;` +
      `try{cachedData=readFileSync(__dirname+"/${made}")}catch{}` +
      `new Script(readFileSync(filename,"utf8"),{filename,cachedData})` +
      `.runInThisContext()(${wrapped});\n`,
  );
}

/** The bundler's few functions for modules in place of the file that has them: to find and read one more file takes time. */
function withRuntime(folder, text) {
  const asked = 'require("./rolldown-runtime.js")';
  if (!text.includes(asked)) throw new Error(`the bundle has no ${asked} any more`);
  const runtime = readFileSync(join(folder, "rolldown-runtime.js"), "utf8");
  return text.replace(asked, () => `(exports=>{${runtime}\nreturn exports})({})`);
}
