/**
 * Where the members answer and with which certificate to ask them, kept from the last `up` beside the cluster file, so
 * that `health` need not read and judge the whole file again. It speaks for one exact text of that file and no other.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Spec } from "../spec/spec.js";

export interface EndpointsCard {
  readonly cluster: string;
  readonly members: readonly { readonly name: string; readonly client: { readonly url: string } }[];
  /** Absolute paths; undefined for a cluster without TLS. */
  readonly identity: { readonly ca: string; readonly cert: string; readonly key: string } | undefined;
}

const format = 2;

const cardFile = (file: string): string => join(dirname(file), ".quorate", `${basename(file)}.endpoints.json`);

/** @param file absolute path of the cluster file. @returns undefined when there is no card for what the file says now */
export function readCard(file: string): EndpointsCard | undefined {
  try {
    const text = readFileSync(file, "utf8");
    const card = JSON.parse(readFileSync(cardFile(file), "utf8")) as EndpointsCard & { format: number; of: string };
    return card.format === format && card.of === text ? card : undefined;
  } catch {
    return undefined;
  }
}

/** Keeping it is a convenience: where it cannot be written, the file is read in full the next time. */
export function writeCard(file: string, spec: Spec, identity: EndpointsCard["identity"]): void {
  try {
    const text = readFileSync(file, "utf8");
    // A file that refers to the environment may mean something else the next time.
    if (text.includes("$")) return;
    if (spec.members.some(({ host }) => host.kind === "ssh" && host.ports === "tunnel")) return;
    const members = spec.members.map(({ name, client: { url } }) => ({ name, client: { url } }));
    const path = cardFile(file);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify({ format, of: text, cluster: spec.name, members, identity }), {
      mode: 0o600,
    });
    renameSync(temporary, path);
  } catch {
    return;
  }
}
