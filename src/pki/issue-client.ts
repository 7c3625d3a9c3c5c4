/** More client certificates: `quorate certs issue NAME`. */
import { join } from "node:path";
import { QuorateError, invariant } from "../errors.js";
import type { Spec } from "../spec/spec.js";
import { nowOf, type AuthorityOptions } from "./ca.js";
import { exportFiles } from "./export-files.js";
import { issuePairs } from "./leaf.js";
import { peerNameOf } from "./names.js";
import { clientsFolder } from "./issued-clients.js";
import { successionOf } from "./open-authority.js";
import { publishSet } from "./sets.js";
import { demandWithin } from "./validity.js";

export interface ClientRequest {
  /** CN, for etcd the user's name; default: the name. */
  readonly commonName?: string;
  /** Lifetime; default: the spec's, cut to what the CA has left. */
  readonly days?: number;
  /** O, for example system:masters; default: the spec's. */
  readonly organizations?: readonly string[];
  /** A folder for `ca.pem`, `NAME.pem` and `NAME-key.pem`, absolute; default: the authority's own. */
  readonly out?: string;
}

export interface IssuedClient {
  readonly cert: string;
  readonly commonName: string;
  /** Absolute paths. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
}

/**
 * Issue a client certificate. A copy without the key is kept in `pki/clients/NAME`, so that it can be revoked; the key
 * stays there only when no other folder was asked for.
 * @throws QuorateError E_CLIENT_NAME, E_CERT_LIFETIME, E_TLS_EXISTS, and those of the CA
 */
export async function issueClient(
  spec: Spec,
  name: string,
  request: ClientRequest = {},
  options: AuthorityOptions = {},
): Promise<IssuedClient> {
  const { tls } = spec;
  invariant(tls !== undefined, `${spec.name} has TLS`);
  const commonName = request.commonName ?? name;
  demandName(spec, name, commonName);
  const ca = successionOf(spec, tls, options).signing();
  if (request.days !== undefined) {
    demandWithin((await ca.signer()).validity, request.days, nowOf(options), `--days ${String(request.days)}`);
  }
  const profile = {
    commonName,
    usages: ["clientAuth"] as const,
    names: [],
    ...(request.organizations === undefined ? {} : { organizations: request.organizations }),
  };
  const { trusted, pairs } = await issuePairs([profile], { spec, tls, ca, options }, request.days);
  const pair = pairs[0];
  invariant(pair !== undefined, "one pair for one profile");
  const folder = join(clientsFolder(spec), name);
  const certificates = { "ca.pem": trusted, "client.pem": pair.cert };
  if (request.out === undefined) {
    await publishSet(folder, { ...certificates, "client-key.pem": pair.key }, "keep");
    const live = join(folder, "live");
    const files = { ca: join(live, "ca.pem"), cert: join(live, "client.pem"), key: join(live, "client-key.pem") };
    return { cert: pair.cert, commonName, files };
  }
  const wanted = { ca: "ca.pem", cert: `${name}.pem`, key: `${name}-key.pem` };
  const contents = new Map(
    [
      [wanted.ca, trusted],
      [wanted.cert, pair.cert],
      [wanted.key, pair.key],
    ].map(bytes),
  );
  await exportFiles(request.out, contents);
  await publishSet(folder, certificates, "keep");
  const { out } = request;
  return {
    cert: pair.cert,
    commonName,
    files: { ca: join(out, wanted.ca), cert: join(out, wanted.cert), key: join(out, wanted.key) },
  };
}

const bytes = ([name, text]: string[]): [string, Uint8Array] => [name!, Buffer.from(text!, "utf8")];

/** Also a file name: no slash, no dot in front, nothing a shell or an eye could misread. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

function demandName(spec: Spec, name: string, commonName: string): void {
  const refuse = (found: string, why: string, expected: string): never => {
    throw new QuorateError("E_CLIENT_NAME", `${JSON.stringify(found)}: ${why}`, { where: name, expected, found });
  };
  if (!plainName.test(name) || name === "ca") {
    refuse(name, "is not a name for a client certificate", "up to 63 letters, digits, dots, dashes and underscores");
  }
  if (commonName === "" || commonName.length > 64 || /\p{Cc}/u.test(commonName)) {
    refuse(commonName, "is not a common name", "1 to 64 characters, none of them a control character");
  }
  if (commonName === peerNameOf(spec)) {
    refuse(
      commonName,
      "is the common name of the members themselves, and would open the peer port",
      "another common name",
    );
  }
}
