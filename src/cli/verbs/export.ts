/** `quorate export WHAT`: what other programs need, as text to source. */
import { invariant, QuorateError } from "../../errors.js";
import type { Spec } from "../../spec/spec.js";
import { exit } from "../session.js";
import { examples, type Verb } from "../verb.js";

interface ExportOptions {
  readonly member?: string;
}

export const exportVerb: Verb = {
  declare(command) {
    command
      .addArgument(
        command
          .createArgument("<what>", "etcdctl: variables for a plain etcdctl; env: the tutorial's environment.sh")
          .choices(["etcdctl", "env"]),
      )
      .option("--member <name>", "with env: NODE_NAME and NODE_IP of this member too");
    examples(command, [
      ['eval "$(quorate export etcdctl)" && etcdctl member list', "talk to the cluster with etcd's own tool"],
      ["quorate export env > environment.sh", "ETCD_NODES, ETCD_ENDPOINTS, FLANNEL_ETCD_PREFIX, CLUSTER_CIDR …"],
      ["quorate export env --member etcd-host0", "as it stands on that member's host"],
    ]);
  },

  async run(session, [what], options: ExportOptions) {
    invariant(what === "etcdctl" || what === "env", "the parser lets only known words pass");
    const { specOf } = await import("../world.js");
    const spec = await specOf(session);
    const text = what === "etcdctl" ? await forEtcdctl(spec) : await forTutorial(spec, options.member);
    if (session.json) session.answer({ text });
    else session.terminal.out.write(text);
    return exit.done;
  },
};

/** @throws QuorateError E_NOT_SERVING before the first `up` */
async function forEtcdctl(spec: Spec): Promise<string> {
  const [{ etcdctlEnvironment }, { openAuthority }] = await Promise.all([
    import("../../exports/etcdctl-environment.js"),
    import("../../pki/open-authority.js"),
  ]);
  const identity = await openAuthority(spec).storedClient();
  if (spec.tls !== undefined && identity === undefined) {
    throw new QuorateError("E_NOT_SERVING", `${spec.name} has no client certificate here yet`, {
      next: "make the cluster with `quorate up`",
    });
  }
  return etcdctlEnvironment(spec, identity?.files);
}

/** @throws QuorateError E_USAGE when there is no such member */
async function forTutorial(spec: Spec, member: string | undefined): Promise<string> {
  const { tutorialEnvironment, tutorialNode } = await import("../../exports/tutorial-environment.js");
  if (member === undefined) return tutorialEnvironment(spec);
  const node = tutorialNode(spec, member);
  if (node !== undefined) return `${tutorialEnvironment(spec)}${node}`;
  throw new QuorateError("E_USAGE", `--member ${member}: the file has no such member`, {
    expected: spec.members.map(({ name }) => name).join(", "),
    found: member,
  });
}
