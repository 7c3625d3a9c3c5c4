/**
 * What every Host must do, whether it is the fake one, this machine or a machine behind ssh. Uses nothing but the
 * interface, so that the same file judges all of them.
 */
import { afterEach, beforeEach, describe } from "vitest";
import { fileContract } from "./contract-files.js";
import { workContract } from "./contract-work.js";
import type { Trial } from "./trial.js";

export { holder, type Trial } from "./trial.js";

export function hostContract(name: string, makeTrial: () => Promise<Trial>): void {
  describe(`host contract: ${name}`, () => {
    let trial: Trial | undefined;
    beforeEach(async () => {
      trial = await makeTrial();
    });
    afterEach(async () => {
      await trial?.cleanUp();
      trial = undefined;
    });
    const current = (): Trial => {
      if (trial === undefined) throw new Error("no trial was made for this test");
      return trial;
    };
    fileContract(current);
    workContract(current);
  });
}
