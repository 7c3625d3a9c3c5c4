/** No file or folder of the authority is ever wider than its owner, not for a moment, under any umask. */
import { lstatSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { issueClient } from "../../src/pki/issue-client.js";
import { openAuthority } from "../../src/pki/open-authority.js";
import { exampleSpec } from "./example-spec.js";
import { testFolder } from "./test-folder.js";

const opened = vi.hoisted(() => ({ modes: new Map<string, string>() }));

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const look = (path: unknown): void => {
    const mode = lstatSync(String(path)).mode & 0o777;
    opened.modes.set(String(path), mode.toString(8));
  };
  return {
    ...real,
    open: async (...args: Parameters<typeof real.open>) => {
      const file = await real.open(...args);
      if (args[1] !== "r") look(args[0]);
      return file;
    },
    mkdir: async (...args: Parameters<typeof real.mkdir>) => {
      const made = await real.mkdir(...args);
      look(args[0]);
      return made;
    },
  };
});

afterEach(() => {
  opened.modes.clear();
});

test.each([0o000, 0o022, 0o077])("umask %o", async (mask) => {
  const folder = testFolder();
  const spec = exampleSpec(folder);
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
  await openAuthority(spec).issue("kube-node1");
  await openAuthority(spec).client();
  await issueClient(spec, "more", { out: join(folder, "out") });
  expect(opened.modes.size).toBeGreaterThan(15);
  for (const [path, mode] of opened.modes) {
    expect([path, mode]).toEqual([path, /\.pem(\.[0-9a-f]+)?$/.test(path) ? "600" : "700"]);
  }
  for (const entry of readdirSync(join(folder, "pki"), { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) expect(statSync(join(entry.parentPath, entry.name)).mode & 0o077).toBe(0);
  }
});
