/** `quorate certs revoke`: put a certificate on record as revoked, and bring the list to every member. */
import { QuorateError } from "../errors.js";
import type { Known } from "../pki/revoke.js";
import { reasons, type Reason } from "../pki/revocation-record.js";
import type { CertificateRow } from "../render/certs-table.js";
import { demandConsent } from "./ask.js";
import type { ChangeOptions } from "./certs-change.js";
import { secretsOf } from "./secrets.js";
import type { Session } from "./session.js";

export interface RevokeOptions extends ChangeOptions {
  readonly reason?: string;
}

/** @param what a client's or a member's name, `root`, or a serial */
export async function revokeCertificate(session: Session, what: string, options: RevokeOptions): Promise<number> {
  const [{ inWorld }, { collectCertificates }, { revoke }, { carryTrust, demandTls }] = await Promise.all([
    import("./world.js"),
    import("./certificates.js"),
    import("../pki/revoke.js"),
    import("./certs-change.js"),
  ]);
  const reason = reasonOf(options.reason);
  return inWorld(session, { ...options, judge: true }, async (spec, world) => {
    demandTls(session, spec);
    if (options.yes !== true)
      await demandConsent(session, `Revoke ${what} for good? Nothing brings a revoked certificate back.`);
    const { rows } = await collectCertificates(spec, world);
    const { passphrase } = secretsOf(session, options);
    const { added, already, unknown } = await revoke(spec, what, reason, rows.map(knownOf), { passphrase });
    if (unknown) session.warn(`! no certificate with this serial is known here; it goes on the list all the same`);
    if (!session.json)
      session.say(
        ...added.map(({ name, serial }) => `Revoked: ${name}, serial ${serial}.`),
        ...already.map(({ name, serial, at }) => `Revoked before, on ${at.slice(0, 10)}: ${name}, serial ${serial}.`),
        "",
      );
    const yes = options.yes === true;
    return carryTrust(session, spec, world, { command: `quorate certs revoke ${what}${yes ? " --yes" : ""}`, yes });
  });
}

/** As the table calls it: "client backup", "etcd1 server". */
function knownOf({ use, serial, notAfter }: CertificateRow): Known {
  const [first = "", second] = use.split(" ");
  const name = use === "ca" ? "ca" : use === "peer probe" ? "root" : first === "client" ? (second ?? "") : first;
  return { name, serial, ends: notAfter };
}

function reasonOf(text = "unspecified"): Reason {
  const reason = reasons.find((one) => one === text);
  if (reason !== undefined) return reason;
  throw new QuorateError("E_USAGE", `--reason ${text} is none`, { expected: reasons.join(", "), found: text });
}
