import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { must } from "./execute.js";
import { createLab } from "./lab.js";
import { removeLeftovers } from "./leftovers.js";

test("a lab whose owner was killed is taken down by the next one; a lab that is owned stays", async () => {
  const owned = await createLab({ hosts: [{ name: "a", address: "10.64.9.7" }] });
  const orphan = await createLab({ hosts: [{ name: "a", address: "10.64.9.7" }] });
  try {
    const folder = dirname(orphan.folder);
    const pid = orphan.host("a").init;
    await writeFile(join(folder, "owner"), "999999999 1\n"); // above any possible pid
    await removeLeftovers();
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(await must(["ip", "netns", "list"])).not.toContain(`${orphan.name}-a`);
    expect(await readFile("/proc/self/mounts", "utf8")).not.toContain(folder);
    expect((await owned.ssh("root@10.64.9.7", "true")).code).toBe(0);
  } finally {
    for (const lab of [owned, orphan]) await lab.destroy();
  }
});
