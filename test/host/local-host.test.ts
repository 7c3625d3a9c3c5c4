import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { openLocalHost } from "../../src/host/local-host.js";
import { hostContract } from "./host-contract.js";

hostContract("this machine", async () => {
  const folder = await mkdtemp(join(tmpdir(), "quorate-host-"));
  const unitPath = join(folder, "run-etcd");
  const options = { state: join(folder, "state"), unitPath, readIdentity: () => undefined };
  const host = openLocalHost("a", options);
  const rival = openLocalHost("a", options);
  return {
    host,
    rival,
    folder,
    owner: userInfo().username,
    group: execFileSync("id", ["-gn"], { encoding: "utf8" }).trim(),
    service: { kind: "process", unit: "etcd", unitPath },
    unitText: "#!/bin/sh\nexec env QUORATE_CONFIG=c0ffee sleep 600\n",
    unitMode: "0755",
    async cleanUp() {
      await host.act([{ do: "stop", unit: "etcd", graceSeconds: 1 }]);
      await Promise.all([host.close(), rival.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
});
