/** `quorate init`: write a cluster file. */
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { QuorateError } from "../../errors.js";
import { count } from "../../render/plan-text.js";
import { warningLines } from "../../render/error-text.js";
import type { Draft } from "../../spec/draft.js";
import type { Spec } from "../../spec/spec.js";
import type { InitOptions } from "../init-sources.js";
import { exit, type Session } from "../session.js";
import { examples, severally, type Verb } from "../verb.js";

export const init: Verb = {
  declare(command) {
    command
      .option("--name <name>", "the cluster's name (default: etcd)")
      .option("--member <name=address>", "a member; once for each", severally)
      .addOption(
        command
          .createOption("--hosts <where>", "local: processes on this machine; ssh: Linux hosts")
          .choices(["ssh", "local"]),
      )
      .option("--count <number>", "members of a local cluster (default: 3)")
      .option("--etcd <version>", "exact version of etcd (default: the newest that can be had and is safe)")
      .option("--allow-single", "accept a single member, which survives no loss")
      .option("--allow-even", "accept an even number of members, which survives no more losses than one fewer")
      .option("--no-tls", "plaintext; for experiments only")
      .option("--ssh-user <user>", "login name on the hosts")
      .option("--ssh-port <port>", "TCP port of sshd")
      .option("--ssh-identity <path>", "private key file")
      .option("--ssh-jump <host>", "jump host")
      .addOption(command.createOption("--become <how>", "how root is had").choices(["none", "sudo", "sudo-password"]))
      .option("--environment <path>", "an environment.sh with NODE_IPS, ETCD_NODES and the like")
      .option("--ca-csr <path>", "cfssl's ca-csr.json")
      .option("--etcd-csr <path>", "cfssl's etcd-csr.json")
      .option("--ca-config <path>", "cfssl's ca-config.json")
      .option("--profile <name>", "profile of that ca-config.json");
    examples(command, [
      ["quorate init", "asks what it needs to know"],
      ["quorate init --hosts local", "three members on this machine"],
      ["quorate init --member a=10.64.3.7 --member b=10.64.3.8 --member c=10.66.3.86", "three hosts"],
      ["quorate init --environment environment.sh --etcd-csr etcd-csr.json", "from the tutorial's own files"],
      ["source environment.sh && quorate init", "from the variables of the calling shell, when they are exported"],
    ]);
  },

  async run(session, _args, options: InitOptions) {
    const file = resolve(session.terminal.cwd, session.file);
    if (existsSync(file))
      throw new QuorateError("E_FILE_EXISTS", `${session.file} is there already, and is not overwritten`, {
        where: session.file,
      });
    const [{ draftOf }, { writeSpec }, { readSpec }] = await Promise.all([
      import("../init-sources.js"),
      import("../../spec/write.js"),
      import("../../spec/load.js"),
    ]);
    const draft = await draftOf(session, options);
    const text = writeSpec(draft);
    // Read back as every other verb will read it: a file that would be refused is not written.
    const { spec, warnings } = readSpec(text, {
      file: session.file,
      cwd: session.terminal.cwd,
      env: session.terminal.env,
    });
    writeNew(session, file, text);
    tell(session, spec, draft);
    if (!session.json) session.warn(...warningLines(warnings, session.page));
    return exit.done;
  },
};

function writeNew(session: Session, file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new QuorateError("E_FILE_EXISTS", `${session.file} cannot be written: ${why}`, {
      where: session.file,
      next: "name another file with --file",
      cause,
    });
  }
}

function tell(session: Session, spec: Spec, draft: Draft): void {
  if (session.json) {
    session.answer({
      file: spec.file,
      cluster: spec.name,
      members: spec.members.map(({ name, address }) => ({ name, address })),
    });
    return;
  }
  const where = draft.hosts === "local" ? "on this machine" : "on Linux hosts";
  const call = session.file === "cluster.yaml" ? "" : ` -f ${session.file}`;
  session.say(
    `Wrote ${session.file}: ${spec.name}, ${count(spec.members.length, "member")} ${where}.`,
    `Next: look at it, then \`quorate plan${call}\` and \`quorate up${call}\`.`,
  );
}
