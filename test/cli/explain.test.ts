import { describe, expect, it } from "vitest";
import { sectionOf } from "../../src/cli/verbs/explain.js";
import { quorate } from "./memory-terminal.js";

describe("`quorate explain`", () => {
  it("lists every code with its title", async () => {
    const { out } = await quorate(["explain"]);
    expect(out).toMatch(/^E_LOCKED +another quorate is at work on this cluster$/m);
  });

  it("prints the code's section of the reference", async () => {
    const { code, out } = await quorate(["explain", "e_locked"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^E_LOCKED: another quorate is at work/);
  });

  it("knows no other codes", async () => {
    const { code, err } = await quorate(["explain", "E_NONSENSE"]);
    expect(code).toBe(1);
    expect(err).toContain("E_NONSENSE");
  });

  it("stops at the next section", () => {
    expect(sectionOf("# Errors\n\n## E_USAGE\n\nAbout usage.\n\n## E_YAML\n\nAbout YAML.\n", "E_USAGE")).toBe(
      "About usage.",
    );
  });

  it("has the catalogue's advice for a code without a section", () => {
    expect(sectionOf("# Errors\n", "E_USAGE")).toBe("What to do: see `quorate help`.");
  });
});
