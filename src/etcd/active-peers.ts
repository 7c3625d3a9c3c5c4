/** Whom a member is connected to, from its own metrics, which its client port shows to whoever has a certificate. */
import { request } from "node:http";
import { parseAddress } from "./transport/address.js";
import { dial, type Through, type TlsMaterial } from "./transport/dial.js";

/** Bytes of metrics after which it is not a member of etcd that answers. */
const mostBytes = 8_000_000;

/** As the cluster's other connections are made. */
interface Ways {
  readonly tls: () => Promise<TlsMaterial | undefined>;
  readonly through?: Through | undefined;
}

/**
 * IDs of the peers whose listener this member has dialled and that have not broken off since: its gauge
 * etcd_network_active_peers (rafthttp/peer_status.go), the same in every line from 3.4 on.
 * @returns undefined when it does not tell within `deadline` milliseconds. Never throws.
 */
export async function activePeers(
  clientUrl: string,
  { tls, through }: Ways,
  deadline: number,
): Promise<readonly string[] | undefined> {
  try {
    const text = await metricsOf(clientUrl, { tls, through }, deadline);
    const lines = text.matchAll(/^etcd_network_active_peers\{([^}]*)\} ([0-9.e+]+)$/gm);
    return [...lines].flatMap(([, labels = "", value]) => {
      const remote = /Remote="([0-9a-f]+)"/.exec(labels)?.[1];
      return remote === undefined || Number(value) < 1 ? [] : [remote];
    });
  } catch {
    return undefined;
  }
}

async function metricsOf(clientUrl: string, { tls, through }: Ways, deadline: number): Promise<string> {
  const address = parseAddress(clientUrl);
  const path = await through?.(address);
  const material = address.secure ? await tls() : undefined;
  return new Promise<string>((resolve, reject) => {
    const asked = request({
      ...{ path: "/metrics", headers: { host: new URL(address.origin).host, connection: "close" } },
      createConnection: () => dial(address, material, "http/1.1", path),
    });
    const timer = setTimeout(() => asked.destroy(new Error("it takes too long")), deadline);
    asked.once("close", () => clearTimeout(timer));
    asked.once("error", reject);
    asked.once("response", (response) => {
      if (response.statusCode !== 200) return void asked.destroy(new Error(`status ${response.statusCode}`));
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > mostBytes) asked.destroy(new Error("that is more than metrics"));
      });
      response.once("end", () => resolve(text));
      response.once("error", reject);
      return undefined;
    });
    asked.end();
  });
}
