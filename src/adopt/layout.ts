/** Whose way of building an etcd cluster this is, told by the places that it uses. For people only: nothing depends on it. */
import { valueOf, type Found } from "./found.js";

export function layoutOf({ keeper, flags, sources }: Pick<Found, "keeper" | "flags" | "sources">): string {
  const uses = (start: string): boolean =>
    sources.some((path) => path.startsWith(start)) || Object.values(flags).some(({ value }) => value.startsWith(start));
  if (keeper.kind === "static-pod") return "kubeadm: a static pod under kubelet";
  if (keeper.kind === "container") return "a container";
  if (keeper.kind === "none") return "a process that no unit holds";
  if (uses("/etc/etcd.env") || uses("/etc/ssl/etcd/ssl")) return "kubespray";
  if (uses("/etc/etcd/etcd.env")) return "etcdadm";
  if (uses("/etc/kubernetes/pki/etcd")) return "kubeadm: a unit beside kubelet";
  if (uses("/etc/default/etcd")) return "Debian's package";
  const certificate = valueOf(flags, "cert-file") ?? "";
  const peer = valueOf(flags, "peer-cert-file") ?? "";
  if (certificate !== "" && certificate === peer)
    return "the tutorial: a unit with flags, one certificate for everything";
  return "a unit of its own kind";
}
