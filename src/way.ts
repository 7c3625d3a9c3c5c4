/** From one version of etcd to another, through what the sources offer. */
import type { Release } from "./release/release.js";

/** @returns the versions to pass through, the wanted one last; or why there is no way */
export async function way(
  _from: string,
  to: string,
  _arch: string,
  _release: Release,
): Promise<{ hops: readonly string[]; blocked: string | undefined }> {
  return { hops: [to], blocked: undefined };
}
