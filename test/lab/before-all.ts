/** Once before all files of the lab, which run side by side: what each of them would otherwise make for itself. */
import { removeLeftovers } from "./leftovers.js";
import { rootFileSystem } from "./rootfs.js";

export default async function beforeAll(): Promise<void> {
  await removeLeftovers();
  await rootFileSystem();
}
