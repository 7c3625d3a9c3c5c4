/** The shape of cluster.yaml. Source of the types, of the JSON Schema for editors and of the reference page. */
import type * as Zod from "zod";
import { authShape } from "./auth.js";
import { fieldsOf } from "./fields.js";
import { etcdShape, placeShapes } from "./parts.js";
import { tlsShape } from "./tls.js";

type ZodLibrary = typeof Zod;

/** A function of the library, so that a file without mistakes is read without loading it. */
export function clusterFileSchema(z: ZodLibrary) {
  const { text, one } = fieldsOf(z);
  const { endpoint, ssh, sshOfOne, paths, service, release, consumers } = placeShapes(z);
  const member = {
    address: text(
      "address",
      "IP address or host name that the other members and the clients dial. Needed unless `hosts: local`.",
    ),
    client: endpoint("Where clients reach this member. Default: the member's address, port 2379."),
    peer: endpoint("Where other members reach this member. Default: the member's address, port 2380."),
    ssh: sshOfOne("How this member's host is reached, where it differs from `ssh` above."),
    paths: paths("Folders of this member, where they differ from `paths` above."),
  };
  const named = z.strictObject({ name: one("name", "The member's name: etcd's --name."), ...member });
  const short = z.record(z.string(), z.union([one("address", "Address alone."), z.strictObject(member)]));
  return z
    .strictObject({
      name: one("name", "Name of the cluster. Letters, digits, dots and dashes, at most 50."),
      etcd: etcdShape(z).optional(),
      members: z
        .union([z.array(named), short])
        .describe("The members: a list, or the short form `name: address`. Three or five of them."),
      hosts: z
        .enum(["ssh", "local"])
        .optional()
        .describe("`ssh`: Linux hosts with systemd (default). `local`: processes on this machine."),
      ssh: ssh("How the hosts are reached, through the operator's own OpenSSH and its configuration."),
      tls: z
        .union([z.literal("off"), tlsShape(z)])
        .optional()
        .describe("Mutual TLS, on by default. `off`: plaintext."),
      auth: authShape(z)
        .optional()
        .describe("Users and roles of etcd, beside root, which is quorate itself. Default: quorate leaves them alone."),
      paths: paths("Folders on the hosts."),
      service: service("How etcd is run."),
      release: release("Where etcd's binaries come from."),
      consumers: consumers("Values for `quorate export env` that etcd itself does not need."),
      state: text("path", "The operator's own records: CA, journals. Default: `.quorate/NAME` beside this file."),
      "allow-even": text(
        "flag",
        "Accept an even number of members, which tolerates no more failures than one member fewer.",
      ),
      "allow-single": text("flag", "Accept a single member, which tolerates no failure at all."),
    })
    .meta({ title: "quorate cluster file" });
}

/** The file as it is written, every value as text. */
export type ClusterFile = Zod.input<ReturnType<typeof clusterFileSchema>>;
