/** Certificates for the eye: one line each, and what is wrong with any of them below. */
import type { Page } from "./error-text.js";
import { count } from "./plan-text.js";
import { table } from "./table.js";

export interface CertificateRow {
  /** "ca", "etcd1 server", "client root". */
  readonly use: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly sans: readonly string[];
  /** Empty: any. */
  readonly usages: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly daysLeft: number;
  readonly key: string;
  readonly fingerprint: string;
  readonly isCA: boolean;
  /** Common names from the certificate to the cluster's CA; undefined when it does not lead there. */
  readonly chain: readonly string[] | undefined;
  /** When it was revoked (ISO 8601) and why; absent when it was not. */
  readonly revoked?: { readonly at: string; readonly reason: string };
  /** "this machine", "on etcd1", "https://10.64.3.7:2379". */
  readonly places: readonly string[];
}

export interface Certificates {
  readonly rows: readonly CertificateRow[];
  readonly remarks: readonly string[];
}

/** Days below which an expiry stands out. */
const soon = 30;

export function certsTable({ rows, remarks }: Certificates, { style }: Page): string[] {
  if (rows.length === 0) return ["There are no certificates yet.", ...remarks];
  const cells = rows.map((row) => [
    style.bold(row.use),
    row.subject,
    row.sans.length === 0 ? "-" : row.sans.join(" "),
    row.isCA ? "signs" : row.usages.length === 0 ? "any" : row.usages.join(" "),
    row.key,
    expiry(row, style),
    row.chain === undefined ? style.red("not of this CA") : row.chain.slice(1).join(" < ") || "itself",
    row.places.join(", "),
  ]);
  const [first = "", ...rest] = table([
    ["CERTIFICATE", "SUBJECT", "NAMES", "USAGES", "KEY", "EXPIRES", "CHAIN", "SEEN"],
    ...cells,
  ]);
  return [style.dim(first), ...rest, ...remarks];
}

function expiry({ daysLeft, notAfter, revoked }: CertificateRow, style: Page["style"]): string {
  if (revoked !== undefined) return style.red(`revoked ${revoked.at.slice(0, 10)}`);
  const text = daysLeft < 0 ? `expired ${count(-daysLeft, "day")} ago` : `${daysLeft} days (${notAfter.slice(0, 10)})`;
  return daysLeft < 0 ? style.red(text) : daysLeft < soon ? style.yellow(text) : text;
}
