/** The openssl command as a second opinion. */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Run openssl; returns what it printed. @throws Error with its own words when it fails */
export function openssl(folder: string, ...args: readonly string[]): string {
  const done = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`openssl ${args.join(" ")}: ${done.stderr}${done.stdout}`);
  return done.stdout;
}

/** `openssl verify -x509_strict` of a leaf against a CA; returns its verdict, "leaf.pem: OK" or the reason. */
export function verify(folder: string, purpose: "sslserver" | "sslclient", ca: string, leaf: string): string {
  writeFileSync(join(folder, "verify-ca.pem"), ca);
  writeFileSync(join(folder, "leaf.pem"), leaf);
  const args = ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", "verify-ca.pem", "leaf.pem"];
  const done = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
  return `${done.stdout}${done.stderr}`.trim();
}

/** `openssl x509 -text`. */
export const describe = (pem: string): string =>
  execFileSync("openssl", ["x509", "-noout", "-text", "-nameopt", "RFC2253,-esc_msb,utf8"], {
    input: pem,
    encoding: "utf8",
  });

export interface Made {
  readonly cert: string;
  readonly key: string;
}

/** A CA by openssl. Options are those of `openssl req`. Returns absolute paths. */
export function opensslCa(folder: string, name: string, options: readonly string[] = []): Made {
  const algorithm = options.includes("-newkey") ? [] : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const extensions = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
  const subject = options.includes("-subj") ? [] : ["-subj", `/C=JP/O=k8s/CN=${name}`];
  const files = ["-keyout", `${name}-key.pem`, "-out", `${name}.pem`];
  openssl(folder, "req", "-x509", "-nodes", ...algorithm, ...subject, ...extensions, ...files, ...options);
  return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) };
}

/** A leaf by openssl, signed by a CA made above. */
export function opensslLeaf(
  folder: string,
  ca: string,
  name: string,
  request: {
    names?: string;
    usages?: string;
    days?: string;
    newkey?: readonly string[];
    sign?: readonly string[];
    ca?: boolean;
  } = {},
): Made {
  const newkey = request.newkey ?? ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  openssl(
    folder,
    "req",
    "-nodes",
    ...newkey,
    "-subj",
    `/CN=${name}`,
    "-keyout",
    `${name}-key.pem`,
    "-out",
    `${name}.csr`,
  );
  const lines = [
    `basicConstraints = ${request.ca === true ? "critical, CA:TRUE" : "CA:FALSE"}`,
    ...(request.usages === "" ? [] : [`extendedKeyUsage = ${request.usages ?? "serverAuth, clientAuth"}`]),
    ...(request.names === undefined ? [] : [`subjectAltName = ${request.names}`]),
  ];
  writeFileSync(join(folder, `${name}.ext`), `${lines.join("\n")}\n`);
  const signer = ["-CA", `${ca}.pem`, "-CAkey", `${ca}-key.pem`, "-CAcreateserial", "-days", request.days ?? "30"];
  const files = ["-in", `${name}.csr`, "-extfile", `${name}.ext`, "-out", `${name}.pem`];
  openssl(folder, "x509", "-req", ...signer, ...files, ...(request.sign ?? []));
  return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}-key.pem`) };
}
