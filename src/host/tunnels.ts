/** The tunnels of all members whose ports are led through their host's ssh. */
import type { Endpoint, HostSpec } from "../spec/spec.js";
import { openTunnel, type Port, type Tunnel } from "./tunnel.js";
import type { SshOptions } from "./ssh.js";

export interface Tunnels {
  /** Path of the local socket that leads to this port; undefined when the network does. @throws QuorateError E_SSH_* */
  through(port: Port): Promise<string | undefined>;
  /** Waits for all of them, each for so many milliseconds at most; what fails is told to whoever asks for a port. */
  begin(patience: number): Promise<void>;
  close(): void;
}

interface Reached {
  readonly name: string;
  readonly host: HostSpec;
  readonly client: Endpoint;
  readonly peer: Endpoint;
}

/** @returns undefined when every port is reached as it is */
export function openTunnels(members: readonly Reached[], options: SshOptions = {}): Tunnels | undefined {
  const byPort = new Map<string, Tunnel>();
  const tunnels: Tunnel[] = [];
  for (const { name, host, client, peer } of members) {
    if (host.kind !== "ssh" || host.ports !== "tunnel") continue;
    const ports = [client, peer].map(({ address, port }) => ({ host: address, port }));
    const tunnel = openTunnel(name, host, ports, options);
    tunnels.push(tunnel);
    for (const port of ports) byPort.set(keyOf(port), tunnel);
  }
  if (tunnels.length === 0) return undefined;
  return {
    through: async (port) => byPort.get(keyOf(port))?.pathTo(port),
    async begin(patience) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patience)));
      await Promise.race([late, Promise.allSettled(tunnels.map((tunnel) => tunnel.begin()))]);
      clearTimeout(timer);
    },
    close: () => tunnels.forEach((tunnel) => tunnel.close()),
  };
}

const keyOf = ({ host, port }: Port): string => `${host} ${port}`;
