import { join } from "node:path";
import { expect, test } from "vitest";
import { publishSet, readLive } from "../../src/pki/sets.js";
import { testFolder } from "./test-folder.js";

test("a set that was in use before can be so again", async () => {
  const folder = join(testFolder(), "client");
  const [one, other] = [{ "ca.pem": "one" }, { "ca.pem": "other" }];
  const first = await publishSet(folder, one);
  await publishSet(folder, other);
  expect(await publishSet(folder, one)).toBe(first);
  expect(await readLive(folder, ["ca.pem"])).toEqual({ generation: first, files: one });
});
