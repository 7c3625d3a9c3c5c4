import { openSync, readSync, closeSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openCluster } from "../../src/etcd/grpc-cluster.js";
import { clusterIdOf, memberIdOf } from "../../src/etcd/identity.js";
import { readWalIdentity } from "../../src/etcd/wal-identity.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { realEtcd } from "../support/real-etcd.js";

function headOfWal(dataDir: string): Uint8Array {
  const folder = join(dataDir, "member", "wal");
  const segment = readdirSync(folder).find((name) => name.endsWith(".wal")) ?? "";
  const bytes = Buffer.alloc(512);
  const file = openSync(join(folder, segment), "r");
  readSync(file, bytes, 0, 512, 0);
  closeSync(file);
  return bytes;
}

describe.each(testedVersions)("the IDs of etcd %s", (version) => {
  it.each([1, 3])("are derived as etcd does, and read from its WAL, with %i members", async (size) => {
    const etcd = await realEtcd({ version, size, token: `token-of-${size}` });
    const cluster = openCluster({ tls: async () => etcd.tls });
    try {
      const { clusterId, members } = await cluster.member(etcd.members[0]?.clientUrl ?? "").memberList(5000);
      const derived = etcd.members.map(({ peerUrl }) => memberIdOf([peerUrl], etcd.token));
      expect(clusterIdOf(derived)).toBe(clusterId);
      for (const [index, member] of etcd.members.entries()) {
        expect(members.find(({ name }) => name === member.name)?.id).toBe(derived[index]);
        expect(readWalIdentity(headOfWal(member.dataDir))).toEqual({ clusterId, memberId: derived[index] });
      }
    } finally {
      await cluster.close();
      await etcd.remove();
    }
  });
});
