import { describe, expect, it } from "vitest";
import { ask, demandConsent, withQuestions } from "../../src/cli/ask.js";
import { sit } from "./fake-sitting.js";

describe("a question", () => {
  it("is put on standard error and answered by a line", async () => {
    const sitting = sit({ interactive: true });
    sitting.type("yes, please");
    expect(await ask(sitting.session, "Really? ")).toBe("yes, please");
    expect(sitting.err()).toContain("Really? ");
    expect(sitting.out()).toBe("");
  });

  it("can be answered ahead of time", async () => {
    const sitting = sit({ interactive: true });
    for (const line of ["one", "two", "three"]) sitting.type(line);
    const answers = await withQuestions(sitting.session, async (put) => [
      await put("a"),
      await put("b"),
      await put("c"),
    ]);
    expect(answers).toEqual(["one", "two", "three"]);
  });

  it("about a secret does not show the answer", async () => {
    const sitting = sit({ interactive: true });
    sitting.type("correct horse");
    expect(await ask(sitting.session, "Password: ", { hidden: true })).toBe("correct horse");
    expect(sitting.err()).toBe("Password: \n");
  });

  it("that nobody answers ends the run", async () => {
    const sitting = sit({ interactive: true });
    sitting.hangUp();
    await expect(ask(sitting.session, "Well? ")).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  });
});

describe("consent", () => {
  it.each(["y", "Y", "yes", " yes "])("is given by %j", async (answer) => {
    const sitting = sit({ interactive: true });
    sitting.type(answer);
    await expect(demandConsent(sitting.session, "Do it?")).resolves.toBeUndefined();
  });

  it.each(["", "n", "yep", "yes!"])("is not given by %j", async (answer) => {
    const sitting = sit({ interactive: true });
    sitting.type(answer);
    await expect(demandConsent(sitting.session, "Do it?")).rejects.toMatchObject({ code: "E_NOT_CONFIRMED" });
  });

  it("cannot be given without a terminal, and says which flag stands for it", async () => {
    await expect(demandConsent(sit().session, "Do it?")).rejects.toMatchObject({
      code: "E_NOT_CONFIRMED",
      next: expect.stringContaining("--yes"),
    });
  });
});
