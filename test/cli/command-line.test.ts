import { describe, expect, it } from "vitest";
import { overview } from "../../src/cli/overview.js";
import { wantsColour } from "../../src/cli/terminal.js";
import { verbs } from "../../src/cli/verbs.js";
import { quorate } from "./memory-terminal.js";

describe("the command line", () => {
  it.each([[["--help"]], [["-h"]], [["help"]]])("%j shows the verbs", async (argv) => {
    expect(await quorate(argv)).toEqual({ code: 0, out: overview(), err: "" });
  });

  it("without a verb shows the verbs as a mistake", async () => {
    expect(await quorate([])).toEqual({ code: 1, out: "", err: overview() });
  });

  it.each([["-V"], ["--version"]])("%s prints the version alone", async (flag) => {
    expect((await quorate([flag])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("suggests the verb that was meant", async () => {
    const { code, err } = await quorate(["staus"]);
    expect(code).toBe(1);
    expect(err).toContain("unknown command 'staus' (Did you mean status?)");
  });

  it("suggests the option that was meant", async () => {
    expect((await quorate(["up", "--yess"])).err).toContain("(Did you mean --yes?)");
  });

  it("takes the common options before and after the verb", async () => {
    const [before, after] = await Promise.all([
      quorate(["--json", "explain", "E_USAGE"]),
      quorate(["explain", "E_USAGE", "--json"]),
    ]);
    expect(before.out).toBe(after.out);
  });

  it("tells a mistake as JSON on standard output when it is asked for JSON", async () => {
    const { code, out, err } = await quorate(["plan", "--json"]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(JSON.parse(out)).toMatchObject({ problems: [{ code: "E_NO_FILE", where: "cluster.yaml" }] });
  });

  it("reads the file that QUORATE_FILE names, unless a flag names another", async () => {
    const env = { QUORATE_FILE: "from-environment.yaml" };
    expect((await quorate(["plan"], { env })).err).toContain("from-environment.yaml");
    expect((await quorate(["plan", "-f", "from-flag.yaml"], { env })).err).toContain("from-flag.yaml");
  });
});

describe("help", () => {
  it.each(verbs.map(({ name }) => [name]))("of `%s` has examples", async (name) => {
    const { code, out } = await quorate([name, "--help"]);
    expect(code).toBe(0);
    expect(out).toMatch(/\nExamples:\n {2}\$ /);
  });

  it("may stand before the verb", async () => {
    expect((await quorate(["help", "up"])).out).toBe((await quorate(["up", "--help"])).out);
  });
});

describe("colour", () => {
  it.each([
    ["on a terminal", {}, true, true],
    ["not in a pipe", {}, false, false],
    ["not when NO_COLOR is set", { NO_COLOR: "1" }, true, false],
    ["when NO_COLOR is empty", { NO_COLOR: "" }, true, true],
    ["in a pipe when FORCE_COLOR is set", { FORCE_COLOR: "1" }, false, true],
    ["not when FORCE_COLOR is 0", { FORCE_COLOR: "0" }, true, false],
    ["not on a dumb terminal", { TERM: "dumb" }, true, false],
  ])("%s", (_, env, isTerminal, wanted) => {
    expect(wantsColour(env, isTerminal)).toBe(wanted);
  });

  it("is in errors when it is wanted", async () => {
    expect((await quorate(["plan"], { colour: true })).err).toContain("\u001b[31m✗\u001b[39m");
  });

  it("is not when --no-color is given", async () => {
    expect((await quorate(["plan", "--no-color"], { colour: true })).err).not.toContain("\u001b[");
  });
});
