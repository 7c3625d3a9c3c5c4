/** `quorate adopt`: describe a cluster that somebody else built, and take it over as it is. */
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Adoption } from "../../adopt/account.js";
import { QuorateError, QuorateErrors } from "../../errors.js";
import { demandConsent } from "../ask.js";
import { declareSecrets, secretsOf, type SecretOptions } from "../secrets.js";
import { exit, type Session } from "../session.js";
import { examples, type Verb } from "../verb.js";

interface AdoptOptions extends SecretOptions {
  readonly name?: string;
  readonly unit?: string;
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly caKey?: string;
  readonly settingsOf?: string;
  readonly sshUser?: string;
  readonly sshPort?: string;
  readonly sshIdentity?: string;
  readonly sshJump?: string;
  readonly become?: "none" | "sudo" | "sudo-password";
  readonly look?: boolean;
  readonly yes?: boolean;
}

export const adopt: Verb = {
  declare(command) {
    command
      .argument("<host...>", "hosts of the members: HOST, USER@HOST or USER@HOST:PORT, as for ssh")
      .option("--name <name>", "what to call the cluster (default: etcd)")
      .option("--unit <unit>", "the systemd unit that runs etcd (default: the one in which etcd runs)")
      .option("--cacert <path>", "the members' CA (ETCDCTL_CACERT)")
      .option("--cert <path>", "a client's certificate, or the one that all members share (ETCDCTL_CERT)")
      .option("--key <path>", "its key (ETCDCTL_KEY)")
      .option("--ca-key <path>", "the CA's key, with which new certificates can be made")
      .option("--settings-of <member>", "where members have different settings, go by this one's")
      .option("--ssh-user <user>", "login name on the hosts")
      .option("--ssh-port <port>", "TCP port of sshd")
      .option("--ssh-identity <path>", "private key file")
      .option("--ssh-jump <host>", "jump host")
      .addOption(command.createOption("--become <how>", "how root is had").choices(["none", "sudo", "sudo-password"]))
      .option("--look", "only show what was found, and the file that would be written")
      .option("-y, --yes", "do not ask");
    declareSecrets(command, { ca: "use" });
    examples(command, [
      ["quorate adopt 10.64.3.7 --cacert ca.pem --cert etcd.pem --key etcd-key.pem", "finds the other members itself"],
      ["quorate adopt root@a root@b root@c --cacert ca.pem --ca-key ca-key.pem", "with the CA's key"],
      ["quorate adopt a --look", "changes nothing, writes nothing"],
      ["quorate -f prod.yaml adopt a b c --name prod", "a file and a name of your own"],
    ]);
    command.addHelpText(
      "after",
      "\nNo process is stopped or started, now or by the next `quorate up`, until the file asks for something else.",
    );
  },

  async run(session, args, options: AdoptOptions) {
    const file = resolve(session.terminal.cwd, session.file);
    if (existsSync(file) && options.look !== true)
      throw fileExists(session, "is there already, and is not overwritten");
    const [{ adoptionOf }, { inquire }, { problemLines }, { adoptionJson, adoptionLines }] = await Promise.all([
      import("../../adopt/adoption.js"),
      import("../../adopt/inquire.js"),
      import("../../render/error-text.js"),
      import("../../render/adoption-text.js"),
    ]);
    const secrets = secretsOf(session, options);
    const inquiry = await inquiryOf(session, args, options, file, secrets);
    const found = await inquire(inquiry);
    const adoption = adoptionOf(found, { ...inquiry, settingsOf: options.settingsOf }, inquiry.reading, Date.now());
    const refused = adoption.problems.some(({ severity }) => severity === "refuse");
    if (session.json) session.event({ type: "found", ...adoptionJson(adoption) });
    else {
      session.say(...adoptionLines(adoption, session.page));
      if (options.look === true) session.say(adoption.text.trimEnd(), "");
      session.warn(...adoption.problems.flatMap((problem) => problemLines(problem, session.page)));
    }
    if (refused) return exit.trouble;
    await demandFit(adoption, secrets.passphrase);
    return options.look === true ? exit.done : takeOver(session, options, adoption, { file, args, open: inquiry.open });
  },
};

type Inquiry = import("../../adopt/inquire.js").Inquiry;

async function inquiryOf(
  session: Session,
  args: readonly string[],
  options: AdoptOptions,
  file: string,
  secrets: ReturnType<typeof secretsOf>,
): Promise<Inquiry> {
  const [{ targetsOf }, { readOwnTrust }] = await Promise.all([
    import("../../adopt/target.js"),
    import("../../adopt/own-trust.js"),
  ]);
  const { cwd, env } = session.terminal;
  const targets = targetsOf(args);
  const said = (option: string | undefined, variable: string): string | undefined =>
    option ?? (env[variable] === "" ? undefined : env[variable]);
  const trust = await readOwnTrust(
    {
      cacert: said(options.cacert, "ETCDCTL_CACERT"),
      cert: said(options.cert, "ETCDCTL_CERT"),
      key: said(options.key, "ETCDCTL_KEY"),
      caKey: options.caKey,
    },
    cwd,
    file,
  );
  const login = {
    user: options.sshUser ?? common(targets.map(({ user }) => user)),
    port: options.sshPort ?? common(targets.map(({ port }) => port?.toString())),
    identity: options.sshIdentity,
    jump: options.sshJump,
    become: options.become,
  };
  const ssh = Object.fromEntries(Object.entries(login).filter(([, value]) => value !== undefined)) as Inquiry["ssh"];
  return {
    ...{ name: options.name ?? "etcd", targets, unit: options.unit?.replace(/\.service$/, ""), ssh, trust },
    reading: { file: session.file, cwd, env },
    tell: (line) => session.warn(`! ${line}`),
    open: async (spec) => {
      const { openWorld } = await import("../../open.js");
      return openWorld(spec, {
        sudoPassword: secrets.sudoPassword,
        passphrase: secrets.passphrase,
        warn: (line) => session.warn(`! ${line}`),
      });
    },
  };
}

/** What all of them say alike. */
const common = (values: readonly (string | undefined)[]): string | undefined =>
  new Set(values).size === 1 ? values[0] : undefined;

/** Every later command judges the given files, so they are judged before anything is written. @throws QuorateErrors */
async function demandFit({ spec }: Adoption, passphrase: ReturnType<typeof secretsOf>["passphrase"]): Promise<void> {
  const { checkGiven } = await import("../../pki/given.js");
  const problems = await checkGiven(spec, { passphrase });
  if (problems.length > 0) throw new QuorateErrors(problems);
}

/** The hosts first, the file last: until it is there, the same command can be run again. */
async function takeOver(
  session: Session,
  options: AdoptOptions,
  { spec, text }: Adoption,
  place: { file: string; args: readonly string[]; open: Inquiry["open"] },
): Promise<number> {
  const [{ takeOn }, { planLines }, { viewOf }, { onInterrupt }] = await Promise.all([
    import("../../adopt/take-on.js"),
    import("../../render/plan-text.js"),
    import("../live-view.js"),
    import("../interrupt.js"),
  ]);
  const world = await place.open(spec);
  const view = viewOf(session);
  const interrupt = onInterrupt(session);
  try {
    const { plan, report } = await takeOn(spec, world, {
      command: `quorate adopt ${place.args.join(" ")}`,
      file: text,
      listen: view.show,
      signal: interrupt.signal,
      consent: async () => {
        if (options.yes === true) return;
        await demandConsent(session, `Write ${session.file} and take ${spec.name} over as it is?`);
      },
    });
    view.end();
    if (report === undefined)
      session.warn(...planLines(plan, { ...session.page, versionSource: "what the cluster runs" }));
    if (report?.outcome !== "done") return report?.outcome === "interrupted" ? exit.interrupted : exit.trouble;
  } finally {
    view.end();
    interrupt.release();
    await world.close();
  }
  try {
    writeFileSync(place.file, text, { flag: "wx" });
  } catch (cause) {
    throw fileExists(session, `cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (session.json) session.event({ type: "adopted", cluster: spec.name, file: place.file });
  else
    session.say("", `${session.file} describes ${spec.name}, and quorate keeps it from now on. Nothing was restarted.`);
  return exit.done;
}

const fileExists = (session: Session, why: string): QuorateError =>
  new QuorateError("E_FILE_EXISTS", `${session.file} ${why}`, { where: session.file });
