/** Clients that write to a site's cluster, with the files that `quorate export etcdctl` names. */
import { readFileSync } from "node:fs";
import { startWorkload, type Workload } from "../../src/drill/workload/workload.js";
import type { Spec } from "../../src/spec/spec.js";
import { ownFiles, type Files } from "./handshakes.js";

export const textsOf = (files: Files): { ca: string; cert: string; key: string } => ({
  ca: readFileSync(files.ca, "utf8"),
  cert: readFileSync(files.cert, "utf8"),
  key: readFileSync(files.key, "utf8"),
});

export const writeTo = (spec: Spec, files: () => Files = () => ownFiles(spec)): Promise<Workload> =>
  startWorkload({
    endpoints: () => spec.members.map(({ client: { url } }) => url),
    tls: async () => textsOf(files()),
  });
