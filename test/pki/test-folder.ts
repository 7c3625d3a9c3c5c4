import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that goes away with the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "quorate-pki-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
