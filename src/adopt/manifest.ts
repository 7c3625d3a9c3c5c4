/** A static pod that runs etcd under kubelet → its command line, with paths as the host has them. */
import { parseDocument } from "yaml";

export interface StaticPod {
  readonly name: string;
  readonly image: string;
  /** The executable first. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Path in the container → path on the host. */
  hostPath(path: string): string;
}

/** @returns undefined when no container of it runs etcd */
export function staticPodOf(text: string): StaticPod | undefined {
  const document = parseDocument(text, { uniqueKeys: false });
  if (document.errors.length > 0) return undefined;
  const pod: unknown = document.toJS({ maxAliasCount: 20 });
  const spec = at(pod, "spec");
  for (const container of list(at(spec, "containers"))) {
    const words = [...list(at(container, "command")), ...list(at(container, "args"))].map(String);
    if (!/(^|\/)etcd$/.test(words[0] ?? "")) continue;
    const mounts = mountsOf(container, spec);
    return {
      name: String(at(at(pod, "metadata"), "name") ?? "etcd"),
      image: String(at(container, "image") ?? ""),
      arguments: words,
      environment: Object.fromEntries(
        list(at(container, "env")).map((each) => [String(at(each, "name")), String(at(each, "value") ?? "")]),
      ),
      hostPath(path) {
        const mount = mounts.find(([inside]) => path === inside || path.startsWith(`${inside}/`));
        return mount === undefined ? path : mount[1] + path.slice(mount[0].length);
      },
    };
  }
  return undefined;
}

/** Path in the container and path on the host, the longest first. */
function mountsOf(container: unknown, spec: unknown): [string, string][] {
  const volumes = new Map(
    list(at(spec, "volumes")).map((volume) => [
      String(at(volume, "name")),
      String(at(at(volume, "hostPath"), "path") ?? ""),
    ]),
  );
  return list(at(container, "volumeMounts"))
    .map((mount): [string, string] => [String(at(mount, "mountPath")), volumes.get(String(at(mount, "name"))) ?? ""])
    .filter(([, path]) => path !== "")
    .sort(([a], [b]) => b.length - a.length);
}

const at = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
