/** etcd's --config-file: keys are the flags' names, and the two TLS parts have short ones (server/embed/config.go). */
import { parseDocument } from "yaml";
import { goDuration } from "../spec/quantities.js";
import { settingKind } from "../spec/flags/kinds.js";
import type { Flag } from "./flags.js";

/** Said of whoever comes with a certificate: clients on one side, peers on the other. */
const visitorKeys: Readonly<Record<string, string>> = {
  "allowed-cn": "cert-allowed-cn",
  "allowed-hostname": "cert-allowed-hostname",
};

const tlsKeys: Readonly<Record<string, string>> = {
  "cert-file": "cert-file",
  "key-file": "key-file",
  "client-cert-file": "client-cert-file",
  "client-key-file": "client-key-file",
  "client-cert-auth": "client-cert-auth",
  "trusted-ca-file": "trusted-ca-file",
  "auto-tls": "auto-tls",
  "skip-client-san-verification": "skip-client-san-verification",
};

/** @returns undefined when the text is no mapping */
export function configurationFlags(text: string): Record<string, Flag> | undefined {
  const document = parseDocument(text, { schema: "failsafe", uniqueKeys: false });
  const value: unknown = document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 20 });
  if (!isMapping(value)) return undefined;
  const flags: Record<string, Flag> = {};
  const put = (name: string, written: unknown): void => {
    const plain = textOf(name, written);
    if (plain !== undefined && plain !== "") flags[name] = { value: plain, source: "configuration file" };
  };
  for (const [key, written] of Object.entries(value)) {
    const prefix = key === "client-transport-security" ? "" : key === "peer-transport-security" ? "peer-" : undefined;
    if (prefix === undefined) put(key, written);
    else if (isMapping(written))
      for (const [inner, each] of Object.entries(written))
        if (tlsKeys[inner] !== undefined) put(`${prefix}${tlsKeys[inner]}`, each);
        else if (visitorKeys[inner] !== undefined) put(`${prefix || "client-"}${visitorKeys[inner]}`, each);
  }
  return flags;
}

/** Durations may be whole nanoseconds there; lists are given with commas. */
function textOf(name: string, written: unknown): string | undefined {
  if (Array.isArray(written)) return written.map(String).join(",");
  if (isMapping(written))
    return Object.entries(written)
      .map(([key, each]) => `${key}=${String(each)}`)
      .join(",");
  if (typeof written !== "string" || /^(null|~)$/.test(written)) return undefined;
  const nanoseconds = settingKind(name) === "duration" && /^\d{7,}$/.test(written) ? Number(written) : undefined;
  return nanoseconds === undefined ? written : goDuration(nanoseconds / 1_000_000);
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
