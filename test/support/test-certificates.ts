/** Certificates for tests, made by the openssl command, so that nothing of the product vouches for itself. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface PemPair {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

export interface TestAuthority {
  readonly caFile: string;
  readonly ca: string;
  /** A leaf for server and client use. `names` are SANs such as IP:127.0.0.1 or DNS:localhost; none: no SANs. */
  issue(name: string, names?: readonly string[], days?: number): PemPair;
}

const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const loopback = ["IP:127.0.0.1", "IP:::1", "DNS:localhost"];

function openssl(folder: string, ...args: string[]): void {
  execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
}

/** @param folder exists and is the test's own; everything is written there. */
export function testAuthority(folder: string, name = "test-ca"): TestAuthority {
  openssl(
    folder,
    "req",
    "-x509",
    ...key,
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.crt`,
    "-days",
    "2",
    "-subj",
    `/CN=${name}`,
  );
  const caFile = join(folder, `${name}.crt`);
  return {
    caFile,
    ca: readFileSync(caFile, "utf8"),
    issue(leaf, names = loopback, days = 1) {
      const extensions = [
        "extendedKeyUsage = serverAuth, clientAuth",
        "keyUsage = digitalSignature",
        ...(names.length === 0 ? [] : [`subjectAltName = ${names.join(",")}`]),
      ];
      writeFileSync(join(folder, `${leaf}.ext`), `${extensions.join("\n")}\n`);
      openssl(folder, "req", ...key, "-keyout", `${leaf}.key`, "-out", `${leaf}.csr`, "-subj", `/CN=${leaf}`);
      const signer = ["-CA", `${name}.crt`, "-CAkey", `${name}.key`, "-CAcreateserial", "-days", String(days)];
      openssl(
        folder,
        "x509",
        "-req",
        "-in",
        `${leaf}.csr`,
        ...signer,
        "-extfile",
        `${leaf}.ext`,
        "-out",
        `${leaf}.crt`,
      );
      const certFile = join(folder, `${leaf}.crt`);
      const keyFile = join(folder, `${leaf}.key`);
      return { certFile, keyFile, cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
    },
  };
}
