/** What makes a plain etcdctl talk to the cluster. */
import type { Spec } from "../spec/spec.js";
import { exportLine } from "./shell-words.js";

/** Absolute paths of the client's certificates, as ClientIdentity.files has them. */
export interface ClientFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A given certificate names whom it names. */
const asWhom = ({ tls }: Spec): string =>
  tls?.givenClient === undefined ? "root, who may do everything" : `its CN (${tls.givenClient.cert})`;

/** Text of a file to `source`. `files`: undefined for a plaintext cluster. ETCDCTL_API matters before 3.4. */
export function etcdctlEnvironment(spec: Spec, files: ClientFiles | undefined): string {
  const lines = [
    ...(spec.auth?.enabled === true
      ? [`# etcd takes whoever uses this for the user that the certificate names: ${asWhom(spec)}.`]
      : []),
    exportLine("ETCDCTL_API", "3"),
    exportLine("ETCDCTL_ENDPOINTS", spec.members.map((member) => member.client.url).join(",")),
    ...(files === undefined
      ? []
      : [
          exportLine("ETCDCTL_CACERT", files.ca),
          exportLine("ETCDCTL_CERT", files.cert),
          exportLine("ETCDCTL_KEY", files.key),
        ]),
  ];
  return `${lines.join("\n")}\n`;
}
