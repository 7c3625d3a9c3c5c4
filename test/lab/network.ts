import { execute, must } from "./execute.js";

/** The first 24 bits of an IPv4 address: what the lab takes for its subnet. */
const subnetOf = (address: string): string => address.split(".").slice(0, 3).join(".");

/** Name of the network namespace of one host of a lab; the lab's own name is that of the network between the hosts. */
export const namespaceOf = (lab: string, host: string): string => `${lab}-${host}`;

/** Run a command inside a network namespace, on this machine's own file system. */
export const inside = (namespace: string, argv: readonly string[]): readonly string[] => [
  "nsenter", `--net=/run/netns/${namespace}`, "--", ...argv,
]; // prettier-ignore

/**
 * Lay the lab's network: one namespace with a bridge per subnet that routes between them (where the operator sits, at
 * .1 of every subnet), and one namespace with one cable into its bridge per host. Nothing leads out of it.
 */
export async function layNetwork(lab: string, hosts: readonly { name: string; address: string }[]): Promise<void> {
  const subnets = [...new Set(hosts.map((host) => subnetOf(host.address)))];
  const centre = [
    "link set lo up",
    ...subnets.flatMap((subnet, index) => [
      `link add br${index} type bridge`,
      `addr add ${subnet}.1/24 dev br${index}`,
      `link set br${index} up`,
    ]),
  ];
  await must(["ip", "netns", "add", lab]);
  await must(["ip", "-netns", lab, "-batch", "-"], { input: `${centre.join("\n")}\n` });
  await must(inside(lab, ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]));

  for (const [index, host] of hosts.entries()) {
    const namespace = namespaceOf(lab, host.name);
    const subnet = subnetOf(host.address);
    await must(["ip", "netns", "add", namespace]);
    await must([
      "ip",
      "link",
      "add",
      "eth0",
      "netns",
      namespace,
      "type",
      "veth",
      "peer",
      "name",
      `cable${index}`,
      "netns",
      lab,
    ]);
    await must(["ip", "-netns", lab, "link", "set", `cable${index}`, "master", `br${subnets.indexOf(subnet)}`, "up"]);
    const own = [
      "link set lo up",
      `addr add ${host.address}/24 dev eth0`,
      "link set eth0 up",
      `route add default via ${subnet}.1`,
    ];
    await must(["ip", "-netns", namespace, "-batch", "-"], { input: `${own.join("\n")}\n` });
  }
}

/**
 * Remove every namespace of a lab, by name; cables and bridges go with them. Another test file may do the same at this moment.
 * @throws Error when some are still there afterwards
 */
export async function removeNetwork(lab: string): Promise<void> {
  const said: string[] = [];
  for (const name of await namespacesOf(lab)) said.push((await execute(["ip", "netns", "delete", name])).stderr);
  const left = await namespacesOf(lab);
  if (left.length > 0) throw new Error(`network namespaces that stay: ${left.join(", ")}\n${said.join("")}`);
}

async function namespacesOf(lab: string): Promise<string[]> {
  const names = (await must(["ip", "netns", "list"])).split("\n").map((line) => line.split(" ")[0] ?? "");
  return names.filter((name) => name === lab || name.startsWith(`${lab}-`));
}
