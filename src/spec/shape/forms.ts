/** The forms that a single value of the cluster file can have: what the schema checks and what editors are told. */
import { durationForms, durationPattern, sizeForms, sizePattern } from "../quantities.js";

export interface Form {
  readonly pattern: RegExp;
  /** In words, for "expected …". */
  readonly expected: string;
  /** What YAML of an editor may take the value for, besides text. */
  readonly also?: readonly ("integer" | "number" | "boolean")[];
}

export const forms = {
  text: { pattern: /^\P{Cc}+$/u, expected: "one line of text" },
  name: { pattern: /^\S+$/, expected: "a name", also: ["number"] },
  address: { pattern: /^\P{Cc}+$/u, expected: "an IP address or a host name" },
  version: { pattern: /^\P{Cc}+$/u, expected: "an exact version, for example 3.5.30", also: ["number"] },
  port: { pattern: /^-?\d{1,9}$/, expected: "a port number", also: ["integer"] },
  count: { pattern: /^\d{1,9}$/, expected: "a whole number", also: ["integer"] },
  share: {
    pattern: /^0?\.\d{1,6}$|^\d{1,2}%$/,
    expected: "a share between 0 and 1, for example 0.33 or 33%",
    also: ["number"],
  },
  flag: { pattern: /^(true|false)$/, expected: "true or false", also: ["boolean"] },
  duration: { pattern: durationPattern, expected: durationForms },
  size: { pattern: sizePattern, expected: sizeForms, also: ["integer"] },
  path: { pattern: /^\P{Cc}+$/u, expected: "a path" },
  url: { pattern: /^[^\s\p{Cc}]+$/u, expected: "a URL or an IP address" },
  cidr: { pattern: /^[0-9a-fA-F.:]+\/\d{1,3}$/, expected: "an address range, for example 172.30.0.0/16" },
  setting: {
    pattern: /^\P{Cc}*$/u,
    expected: "one line of text, a number, or true or false",
    also: ["number", "boolean"],
  },
} as const satisfies Record<string, Form>;
