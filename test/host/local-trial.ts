/** This machine as a host with a folder to play in, for tests that look behind the interface. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import type { Host, HostAction, HostQuestion, Reachable } from "../../src/host/host.js";
import { openLocalHost } from "../../src/host/local-host.js";
import { createHash } from "node:crypto";

export const me = { owner: userInfo().username, group: execFileSync("id", ["-gn"], { encoding: "utf8" }).trim() };

export interface LocalTrial {
  readonly folder: string;
  readonly unitPath: string;
  readonly state: string;
  open(): Host;
  put(path: string, content: string, mode?: string): HostAction;
  look(host: Host, question?: Partial<HostQuestion>): Promise<Reachable>;
  remove(): Promise<void>;
}

export async function localTrial(): Promise<LocalTrial> {
  const folder = await mkdtemp(join(tmpdir(), "quorate-host-"));
  const unitPath = join(folder, "run-etcd");
  const state = join(folder, "state");
  const opened: Host[] = [];
  const trial: LocalTrial = {
    folder,
    unitPath,
    state,
    open() {
      const host = openLocalHost("a", {
        state,
        unitPath,
        readIdentity: (bytes) => (bytes[0] === 0x57 ? { clusterId: "c1", memberId: "a1" } : undefined),
      });
      opened.push(host);
      return host;
    },
    put: (path, content, mode = "0644") => ({
      do: "put-file",
      path: join(folder, path),
      mode,
      ...me,
      sha256: createHash("sha256").update(content).digest("hex"),
      bytes: async () => new TextEncoder().encode(content),
    }),
    async look(host, question = {}) {
      const service = { kind: "process", unit: "etcd", unitPath } as const;
      const nothing = { texts: [], stats: [], digests: [], releases: [], ports: [], wal: undefined };
      const seen = await host.observe({
        service,
        user: me.owner,
        ...nothing,
        data: join(folder, "data"),
        state,
        ...question,
      });
      if (seen.reach === "unreachable") throw seen.error;
      return seen;
    },
    async remove() {
      await trial.open().act([{ do: "stop", unit: "etcd", graceSeconds: 1 }]);
      await Promise.all(opened.map((host) => host.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return trial;
}
