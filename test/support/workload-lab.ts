/** Ordinary clients of a lab's cluster, inside the lab's network. */
import type { ProcessOptions } from "../../src/drill/workload-process.js";
import { said, type Operator } from "../lab/operator.js";
import { clientOptions, startClients, type Clients } from "./workload-child.js";

/**
 * They know what `quorate export etcdctl` tells them, and follow the members as these come and go.
 * @param options other than the usual ones
 */
export async function startLabClients(operator: Operator, options: Partial<ProcessOptions> = {}): Promise<Clients> {
  const exported = await operator.quorate(["export", "etcdctl"]);
  if (exported.code !== 0) throw new Error(said(exported));
  return startClients((argv) => operator.lab.start(argv), { ...clientOptions(exported.stdout), ...options });
}
