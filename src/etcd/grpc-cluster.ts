/** The Cluster of cluster.ts over gRPC, one connection per member. */
import { activePeers } from "./active-peers.js";
import type { Cluster, Member } from "./cluster.js";
import { grpcMember } from "./grpc-member.js";
import { openPeerProbe } from "./peer-probe.js";
import { Connection, type ConnectionOptions } from "./transport/connection.js";
import { contextOf, type Through, type TlsMaterial } from "./transport/dial.js";
import { nodeHttp2 } from "./transport/node-http2.js";

export interface ClusterOptions {
  /** Client certificate and CA, asked for at each new connection; undefined: no certificate, the system's CAs. */
  readonly tls: () => Promise<TlsMaterial | undefined>;
  /** The certificate to show to peer listeners, when it is another one. */
  readonly probe?: () => Promise<TlsMaterial | undefined>;
  /** For endpoints that the network does not lead to. */
  readonly through?: Through | undefined;
  readonly patience?: ConnectionOptions["patience"];
}

/** Connects to nothing yet. A member's connection is opened by its first call. */
export function openCluster(options: ClusterOptions): Cluster {
  const members = new Map<string, { connection: Connection; member: Member }>();
  const probe = openPeerProbe(options.probe ?? options.tls, options.through);
  return {
    member(clientUrl) {
      let known = members.get(clientUrl);
      if (known === undefined) {
        const connection = new Connection(clientUrl, options, nodeHttp2);
        known = { connection, member: grpcMember(connection) };
        members.set(clientUrl, known);
      }
      return known.member;
    },
    async ready() {
      for (const material of await Promise.all([options.tls(), options.probe?.()]))
        if (material !== undefined) contextOf(material);
      await import("./member-rpcs.js");
    },
    peerServes: probe.serves,
    activePeers: (clientUrl, deadline) => activePeers(clientUrl, options, deadline),
    async close() {
      probe.close();
      await Promise.all([...members.values()].map(({ connection }) => connection.close()));
    },
  };
}
