import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.js";

const shared = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...shared, name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/**/*.e2e.test.ts", "test/lab/**"] } },
      {
        test: { name: "e2e", include: ["test/**/*.e2e.test.ts"], exclude: ["test/lab/**"], testTimeout: 180_000, hookTimeout: 180_000, maxWorkers: 3 },
      },
      {
        test: { name: "lab", include: ["test/lab/**/*.lab.test.ts"], globalSetup: "test/lab/before-all.ts", testTimeout: 600_000, hookTimeout: 600_000, maxWorkers: 3 },
      },
    ],
  },
});
