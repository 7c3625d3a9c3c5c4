import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Spec } from "../spec/spec.js";
import { hasCode, readIfThere } from "./files.js";
import { pkiFolder } from "./pki-folder.js";

/** A folder per issued client, and in it one per certificate that was ever issued under that name. */
export const clientsFolder = (spec: Spec): string => join(pkiFolder(spec), "clients");

export interface IssuedCertificate {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly cert: string;
}

/** Every client certificate that was issued, by name; those that were replaced too, since they are still valid. */
export async function issuedClients(spec: Spec): Promise<IssuedCertificate[]> {
  const found: IssuedCertificate[] = [];
  for (const name of await namesIn(clientsFolder(spec))) {
    for (const generation of await namesIn(join(clientsFolder(spec), name))) {
      if (generation === "live") continue;
      const file = join(clientsFolder(spec), name, generation, "client.pem");
      const cert = await readIfThere(file);
      if (cert !== undefined) found.push({ name, file, cert });
    }
  }
  return found;
}

/** The newest certificate of each client. */
export async function currentClients(spec: Spec): Promise<IssuedCertificate[]> {
  const found = await Promise.all(
    (await namesIn(clientsFolder(spec))).map(async (name) => {
      const file = join(clientsFolder(spec), name, "live", "client.pem");
      const cert = await readIfThere(file);
      return cert === undefined ? [] : [{ name, file, cert }];
    }),
  );
  return found.flat();
}

/** Sorted, without what a killed process left half made. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith(".")).sort();
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
