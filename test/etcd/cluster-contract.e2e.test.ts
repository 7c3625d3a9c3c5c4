import { afterAll, beforeAll, describe } from "vitest";
import type { Cluster } from "../../src/etcd/cluster.js";
import { openCluster } from "../../src/etcd/grpc-cluster.js";
import { openHealthCluster } from "../../src/etcd/health-cluster.js";
import type { TlsMaterial } from "../../src/etcd/transport/dial.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { freePorts } from "../support/free-ports.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";
import { until } from "../support/until.js";
import { clusterContract } from "./cluster-contract.js";

type Open = (options: { tls: () => Promise<TlsMaterial | undefined> }) => Cluster;

/** What `health` asks goes over our own HTTP/2; the rest, which it cannot do, over node's. */
const overOurOwn: Open = (options) => {
  const [whole, short] = [openCluster(options), openHealthCluster(options)];
  return { ...whole, member: (clientUrl) => ({ ...whole.member(clientUrl), ...short.member(clientUrl) }) };
};

const ways: readonly (readonly [string, Open])[] = [
  ["over node's HTTP/2", openCluster],
  ["proved over our own HTTP/2", overOurOwn],
];

for (const version of testedVersions) {
  describe(`real etcd ${version}`, () => {
    let etcd: RealEtcd;
    beforeAll(async () => {
      etcd = await realEtcd({ version, size: 3 });
    });
    afterAll(() => etcd.remove());

    for (const [name, open] of ways) {
      clusterContract(name, async () => {
        const [port] = await freePorts(1);
        return {
          cluster: open({ tls: async () => etcd.tls }),
          members: etcd.members,
          nowhere: { clientUrl: `https://127.0.0.1:${port}`, peerUrl: `https://127.0.0.1:${port}` },
          stop: async (index) => etcd.members[index]?.stop(),
          start: async (index) => etcd.members[index]?.start(),
          until: (condition) => until(condition, 60_000),
          cleanUp: () => Promise.resolve(),
        };
      });
    }
  });
}
