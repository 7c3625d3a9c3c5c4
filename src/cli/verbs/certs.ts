/** `quorate certs`: every certificate there is, one more for a client, new ones for members, another CA. */
import { resolve } from "node:path";
import { QuorateError } from "../../errors.js";
import type { RevokeOptions } from "../certs-revoke.js";
import { declareSecrets, secretsOf, type SecretOptions } from "../secrets.js";
import { exit, type Session } from "../session.js";
import { examples, severally, type Verb } from "../verb.js";

interface CertsOptions extends SecretOptions, RevokeOptions {
  readonly commonName?: string;
  readonly days?: string;
  readonly organization?: readonly string[];
  readonly out?: string;
}

export const certs: Verb = {
  declare(command) {
    command
      .argument(
        "[what]",
        "`issue` for a client's certificate, `revoke` to take one back, `renew` for the members', `rotate-ca` for another CA, `export` for cfssl's names; nothing to show all",
      )
      .argument(
        "[names...]",
        "of the client, for its files and, unless told otherwise, its common name (etcd's user); or of members; for `revoke` a serial too",
      )
      .option("--common-name <text>", "common name of the new certificate")
      .option("--organization <text>", "organization, such as system:masters; may be given more than once", severally)
      .option("--days <number>", "its lifetime; default: the file's, cut to what the CA has left")
      .option("--out <folder>", "where to put ca.pem, NAME.pem and NAME-key.pem; default: the cluster's own folder");
    command
      .option("--force", "renew certificates that are not due too")
      .option("--reason <word>", "why it is revoked: key-compromise, superseded, cessation or withdrawn")
      .option("--drop-old-ca", "change the CA although clients are known to hold certificates of the old one")
      .option("-y, --yes", "do not ask");
    declareSecrets(command, { ca: "make" });
    examples(command, [
      ["quorate certs", "on this machine, on the hosts and as served: names, usages, expiry, chain"],
      ["quorate certs issue backup --out ./backup-tls", "a client certificate for the etcd user backup"],
      ["quorate certs revoke backup --reason key-compromise", "every member refuses it from its next handshake on"],
      ["quorate certs renew", "the members' certificates that are due, in place and with no restart"],
      ["quorate certs renew etcd2 --force", "those of one member, due or not"],
      ["quorate certs rotate-ca", "another CA: both are trusted, then new certificates, then the old CA is dropped"],
      ["quorate certs export --out ./cfssl-names", "etcd.pem, etcd-key.pem and ca.pem of each member"],
    ]);
  },

  async run(session, [what, ...names], options: CertsOptions) {
    const [name, ...more] = names;
    if (what === undefined) return show(session, options);
    if (what === "renew") return (await import("../certs-change.js")).renew(session, names, options);
    if (what === "rotate-ca" && name === undefined)
      return (await import("../certs-change.js")).rotateCa(session, options);
    if (what === "revoke" && name !== undefined && more.length === 0)
      return (await import("../certs-revoke.js")).revokeCertificate(session, name, options);
    if (what === "issue" && name !== undefined && more.length === 0) return issue(session, name, options);
    if (what === "export" && options.out !== undefined) return exportNames(session, options.out, options);
    const message =
      what === "issue" || what === "revoke"
        ? `\`${what}\` takes one name`
        : what === "export"
          ? "there is no folder to write to"
          : `certs cannot ${what}`;
    throw new QuorateError("E_USAGE", message, {
      expected:
        "`certs`, `certs issue NAME`, `certs revoke NAME|SERIAL`, `certs renew [MEMBER…]`, `certs rotate-ca` or `certs export --out FOLDER`",
    });
  },
};

async function show(session: Session, options: CertsOptions): Promise<number> {
  const [{ inWorld }, { collectCertificates }, { certsTable }] = await Promise.all([
    import("../world.js"),
    import("../certificates.js"),
    import("../../render/certs-table.js"),
  ]);
  return inWorld(session, options, async (spec, world) => {
    if (spec.tls === undefined) {
      if (session.json) session.answer({ cluster: spec.name, certificates: [], remarks: ["this cluster has no TLS"] });
      else session.say(`${spec.name} has no TLS, so there are no certificates.`);
      return exit.done;
    }
    const found = await collectCertificates(spec, world);
    if (session.json) session.answer({ cluster: spec.name, certificates: found.rows, remarks: found.remarks });
    else session.say(...certsTable(found, session.page));
    return found.rows.some(({ daysLeft, chain }) => daysLeft < 0 || chain === undefined) ? exit.trouble : exit.done;
  });
}

async function issue(session: Session, name: string, options: CertsOptions): Promise<number> {
  const [{ specOf }, { issueClient }] = await Promise.all([import("../world.js"), import("../../pki/issue-client.js")]);
  const spec = await specOf(session);
  if (spec.tls === undefined)
    throw new QuorateError("E_USAGE", `${spec.name} has no TLS, so it needs no client certificates`, {
      where: session.file,
    });
  const request = {
    ...(options.commonName !== undefined && { commonName: options.commonName }),
    ...(options.days !== undefined && { days: wholeDays(options.days) }),
    ...((options.organization ?? []).length > 0 && { organizations: options.organization ?? [] }),
    ...(options.out !== undefined && { out: resolve(session.terminal.cwd, options.out) }),
  };
  const { passphrase } = secretsOf(session, options);
  const issued = await issueClient(spec, name, request, { passphrase, warn: (line) => session.warn(`! ${line}`) });
  if (session.json) session.answer({ name, commonName: issued.commonName, files: issued.files });
  else
    session.say(
      `Issued for ${issued.commonName}:`,
      ...Object.entries(issued.files).map(([what, path]) => `  ${what.padEnd(5)} ${path}`),
    );
  return exit.done;
}

async function exportNames(session: Session, out: string, options: CertsOptions): Promise<number> {
  const [{ inWorld }, { exportCfsslNames }] = await Promise.all([
    import("../world.js"),
    import("../../pki/cfssl-export.js"),
  ]);
  return inWorld(session, options, async (spec, world) => {
    const members = spec.members.map(({ name }) => name);
    const stored = await Promise.all(members.map((member) => world.authority.stored(member)));
    const missing = members.filter((_, index) => stored[index] === undefined);
    if (missing.length > 0)
      throw new QuorateError("E_USAGE", `there are no certificates here of ${missing.join(", ")}`, {
        next: "make the cluster with `quorate up`",
      });
    const files = await exportCfsslNames(world.authority, members, resolve(session.terminal.cwd, out));
    if (session.json) session.answer({ files });
    else session.say(...files);
    return exit.done;
  });
}

function wholeDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days > 0) return days;
  throw new QuorateError("E_USAGE", `--days ${text} is not a number of days`, {
    expected: "a whole number above 0",
    found: text,
  });
}
