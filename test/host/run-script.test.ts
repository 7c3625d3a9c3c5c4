import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { renderRunScript } from "../../src/host/run-script.js";

const folder = mkdtempSync(join(tmpdir(), "quorate-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const print = [
  process.execPath,
  "-e",
  "console.log(JSON.stringify([process.argv.slice(1), process.env.A, process.env.B, process.cwd()]))",
];
const run = (script: string): unknown =>
  JSON.parse(execFileSync("sh", ["-c", script], { encoding: "utf8", env: { PATH: "/usr/bin:/bin" } }));

const text = fc.string({ unit: fc.constantFrom("'", '"', "$", "`", "\\", "\n", " ", "%", ";", "a"), maxLength: 12 });

it("hands over arguments and variables exactly", () => {
  fc.assert(
    fc.property(text, text, (argument, variable) => {
      const script = renderRunScript({
        execStart: [...print, "--", argument],
        environment: { A: variable },
        environmentFile: undefined,
        workingDirectory: folder,
      });
      expect(run(script)).toEqual([[argument], variable, null, folder]);
    }),
    { numRuns: 15 },
  );
});

it("takes variables from the file as they are, without running anything", () => {
  const file = join(folder, "bootstrap.env");
  writeFileSync(file, `B=$(touch ${folder}/evil) "x" 'y'\n# comment\n`);
  const script = renderRunScript({
    execStart: print,
    environment: { A: "1" },
    environmentFile: file,
    workingDirectory: folder,
  });
  expect(run(script)).toEqual([[], "1", `$(touch ${folder}/evil) "x" 'y'`, folder]);
});

it("does without the file", () => {
  const script = renderRunScript({
    execStart: print,
    environment: { A: "1" },
    environmentFile: join(folder, "absent"),
    workingDirectory: folder,
  });
  expect(run(script)).toEqual([[], "1", null, folder]);
});

it("becomes the member, so that a signal to the script is a signal to the member", () => {
  const script = renderRunScript({
    execStart: ["/bin/sh", "-c", 'echo "[$PPID]"'],
    environment: {},
    environmentFile: undefined,
    workingDirectory: "/",
  });
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(`[${process.pid}]\n`);
});
