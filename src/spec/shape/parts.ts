/** Parts of the schema that stand in more than one place, or are long. */
import type * as Zod from "zod";
import { fieldsOf } from "./fields.js";

type ZodLibrary = typeof Zod;

export const releaseSources = ["given", "cache", "official", "distribution", "build"] as const;
export const portWays = ["direct", "tunnel"] as const;
export const becomeWays = ["none", "sudo", "sudo-password"] as const;

export function etcdShape(z: ZodLibrary) {
  const { listOf, one, text } = fieldsOf(z);
  const setting = z.union([one("setting", ""), z.array(one("setting", ""))]);
  return z
    .strictObject({
      version: text(
        "version",
        "Exact, for example 3.5.30. Default: what the cluster runs, or else the newest that can be had and is safe.",
      ),
      settings: z
        .record(z.string(), setting)
        .optional()
        .describe(
          "Further etcd flags, without dashes. Sizes and times may have units (8GiB, 100ms); lists get commas.",
        ),
      token: text("name", "--initial-cluster-token. Default: the cluster's name."),
      accept: listOf(
        "text",
        "Hazards between versions that you know of and take on, by the name that quorate gives them.",
      ).optional(),
    })
    .describe("Version and settings of etcd.");
}

export function placeShapes(z: ZodLibrary) {
  const { text, listOf, choice } = fieldsOf(z);
  const host = text(
    "address",
    "As you would type it after `ssh`: a name of ~/.ssh/config or an address. Default: the member's address.",
  );
  const login = {
    user: text("name", "Login name. Default: what OpenSSH decides."),
    port: text("port", "TCP port of sshd. Default: what OpenSSH decides."),
    identity: text("path", "Private key file. Default: what OpenSSH decides, an agent included."),
    jump: text("name", "Jump host, as in `ssh -J`."),
    ports: choice(
      portWays,
      "How etcd's own ports are reached from here: as they are, or through the host's ssh. Default: tunnel with a jump host, else direct.",
    ),
    become: choice(
      becomeWays,
      "How root is had: the login is root, `sudo -n`, or sudo with a password. Default: none for root, else sudo.",
    ),
  };
  return {
    endpoint: (description: string) =>
      z
        .strictObject({
          address: text("address", "What others dial, when it is not the member's address."),
          port: text("port", "TCP port, 1024 to 65535."),
          listen: listOf(
            "url",
            "What etcd binds: IP addresses, or URLs with one. Default: the address; for a host name, every address.",
          ).optional(),
        })
        .optional()
        .describe(description),
    ssh: (description: string) => z.strictObject(login).optional().describe(description),
    sshOfOne: (description: string) =>
      z
        .strictObject({ host, ...login })
        .optional()
        .describe(description),
    paths: (description: string) =>
      z
        .strictObject({
          data: text("path", "--data-dir. Default: /var/lib/etcd."),
          wal: text(
            "path",
            "On a disk of its own; --wal-dir is `wal` in it. Default: the log is inside the data directory.",
          ),
          certificates: text("path", "Certificates and keys. Default: /etc/etcd/ssl."),
          binaries: text("path", "One folder per release. Default: /opt/etcd."),
          unit: text("path", "Unit file. Default: /etc/systemd/system/UNIT.service."),
          state: text("path", "quorate's own records on the host. Default: /var/lib/quorate/NAME."),
        })
        .optional()
        .describe(description),
    service: (description: string) =>
      z
        .strictObject({
          unit: text("name", "systemd unit, without .service. Default: etcd."),
          user: text("name", "User that etcd runs as; made when it does not exist. Default: etcd."),
          group: text("name", "Group. Default: as the user."),
          "open-files": text("count", "LimitNOFILE. Default: 65536."),
          "memory-max": text("size", "MemoryMax. Default: none."),
        })
        .optional()
        .describe(description),
    release: (description: string) =>
      z
        .strictObject({
          sources: z.array(z.enum(releaseSources)).optional().describe("Sources in the order they are tried."),
          from: text("path", "A folder of binaries, or a release archive: the source `given`."),
          mirror: text("url", "Base URL laid out like the official release site."),
          suites: listOf("name", "Distribution suites to look in besides the machine's own.").optional(),
        })
        .optional()
        .describe(description),
    consumers: (description: string) =>
      z
        .strictObject({
          "flannel-prefix": text("path", "FLANNEL_ETCD_PREFIX. Default: /kubernetes/network."),
          "cluster-cidr": text("cidr", "CLUSTER_CIDR, the pods' network. Default: 172.30.0.0/16."),
          "service-cidr": text("cidr", "SERVICE_CIDR. Default: 10.254.0.0/16."),
        })
        .optional()
        .describe(description),
  };
}
