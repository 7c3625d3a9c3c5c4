/** The operator's own files of the cluster's trust, as etcdctl is used with them. */
import { isAbsolute, relative, dirname, resolve } from "node:path";
import { QuorateError } from "../errors.js";
import { readTlsFile } from "../pki/key-file.js";
import { certificatesIn } from "../pki/pem.js";
import type { OwnTrust } from "./trust.js";

/** Paths as the operator typed them. */
export interface TrustFiles {
  readonly cacert: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly caKey: string | undefined;
}

/**
 * Keys are left alone here: they are judged with everything else that the cluster file will name.
 * @param file the cluster file that will name them, absolute
 * @returns undefined when none was given
 * @throws QuorateError E_USAGE, E_TLS_FILE, E_PEM
 */
export async function readOwnTrust(given: TrustFiles, cwd: string, file: string): Promise<OwnTrust | undefined> {
  const { cacert, cert, key, caKey } = given;
  if (cacert === undefined) {
    const lone = Object.entries({ cert, key, "ca-key": caKey }).find(([, path]) => path !== undefined);
    if (lone === undefined) return undefined;
    throw new QuorateError("E_USAGE", `--${lone[0]} was given without --cacert`, {
      expected: "--cacert FILE beside it",
    });
  }
  if ((cert === undefined) !== (key === undefined))
    throw new QuorateError("E_USAGE", "a certificate and its key belong together", {
      expected: "--cert FILE and --key FILE",
    });
  const absolute = (path: string): string => resolve(cwd, path);
  const named = (path: string): string => pathIn(absolute(path), file);
  const certificates = certificatesIn(await readTlsFile(absolute(cacert)), cacert);
  const [leaf] = cert === undefined ? [] : certificatesIn(await readTlsFile(absolute(cert)), cert);
  return {
    ca: { path: named(cacert), certificates },
    caKey: caKey === undefined ? undefined : named(caKey),
    client:
      leaf === undefined || cert === undefined || key === undefined
        ? undefined
        : { cert: named(cert), key: named(key), leaf },
  };
}

/** As it will stand in the file: relative to it where it lies beside or below it. */
function pathIn(path: string, file: string): string {
  const way = relative(dirname(file), path);
  return way.startsWith("..") || isAbsolute(way) ? path : `./${way}`;
}
