import { join } from "node:path";
import type { HostAction } from "../host/host.js";
import type { ReleaseFolder } from "../release/release.js";
import { withMember } from "../observe/facts.js";
import type { StepKind } from "./step.js";

/** etcd, etcdctl and (from 3.5) etcdutl, side by side in a folder of their own. */
export interface InstallRelease {
  readonly kind: "install-release";
  readonly member: string;
  readonly version: string;
  readonly arch: string;
  readonly path: string;
  /** The link that people and scripts may use. */
  readonly current: string;
  /** Who owns what quorate itself keeps on the host. */
  readonly owner: string;
  readonly group: string;
}

export const installRelease: StepKind<InstallRelease, ReleaseFolder> = {
  kind: "install-release",
  risk: "none",
  patience: 120_000,
  title: (step) => `install etcd ${step.version} (${step.arch}) in ${step.path}`,
  guard: () => undefined,
  effect(step, now) {
    return withMember(now, step.member, {
      releases: { ...now.members[step.member]?.releases, [step.version]: "sealed" },
    });
  },
  gather: (step, { world, progress }) => world.release.fetch(step.version, step.arch, progress),
  async run(step, { world, progress }, release) {
    const total = release.binaries.reduce((sum, binary) => sum + binary.size, 0);
    const own = { owner: step.owner, group: step.group };
    const uploads: HostAction[] = release.binaries.map((binary) => ({
      do: "put-file",
      path: join(step.path, binary.name),
      mode: "0755",
      ...own,
      sha256: binary.sha256,
      bytes: () => world.release.read(release, binary.name),
      file: join(release.path, binary.name),
    }));
    await world.host(step.member).act(
      [
        { do: "make-directory", path: step.path, mode: "0755", ...own },
        ...uploads,
        {
          do: "seal-release",
          path: step.path,
          verified: Object.fromEntries(release.binaries.map(({ name, sha256 }) => [name, sha256])),
        },
        { do: "link", path: step.current, target: step.path },
      ],
      (sent) => progress(sent, total, `etcd ${step.version}`),
    );
  },
};
