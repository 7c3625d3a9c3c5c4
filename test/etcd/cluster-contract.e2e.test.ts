import { openCluster } from "../../src/etcd/grpc-cluster.js";
import { testedVersions } from "../support/etcd-binaries.js";
import { freePorts } from "../support/free-ports.js";
import { realEtcd } from "../support/real-etcd.js";
import { until } from "../support/until.js";
import { clusterContract } from "./cluster-contract.js";

for (const version of testedVersions) {
  clusterContract(`real etcd ${version}`, async () => {
    const etcd = await realEtcd({ version, size: 3 });
    const [port] = await freePorts(1);
    return {
      cluster: openCluster({ tls: async () => etcd.tls }),
      members: etcd.members,
      nowhere: { clientUrl: `https://127.0.0.1:${port}`, peerUrl: `https://127.0.0.1:${port}` },
      stop: async (index) => etcd.members[index]?.stop(),
      start: async (index) => etcd.members[index]?.start(),
      until: (condition) => until(condition, 60_000),
      cleanUp: () => etcd.remove(),
    };
  });
}
