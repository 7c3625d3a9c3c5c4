/** Names of the cluster, its members, the token and the service. */
import { quoted, type Problem } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";

/** The CN of the CA is "NAME etcd CA" and may have 64 characters. */
const longestCluster = 50;

export function names({ spec, file, entries }: Candidate): Problem[] {
  return [
    ...clusterName(spec.name),
    ...(file.etcd?.token === undefined || /^[A-Za-z0-9._:@/+-]{1,128}$/.test(file.etcd.token)
      ? []
      : [
          {
            ...wrong(spec.token),
            path: ["etcd", "token"],
            message: "the token has characters that cannot go into a unit's environment",
            expected: "up to 128 letters, digits and . _ : @ / + -",
          },
        ]),
    ...entries.flatMap(({ name, nameAt }) => memberName(name).map((problem) => ({ ...problem, ...nameAt }))),
    ...serviceNames(file.service),
  ];
}

function clusterName(name: string): Problem[] {
  const base = {
    ...wrong(name),
    path: ["name"],
    expected: `1 to ${longestCluster} letters, digits, dots and dashes, a letter or digit first`,
  };
  if (name.includes("..")) return [{ ...base, message: "the cluster's name names folders too and cannot hold `..`" }];
  if (name.length > longestCluster) return [{ ...base, message: `the cluster's name has ${name.length} characters` }];
  return /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(name) && !name.endsWith(".")
    ? []
    : [{ ...base, message: `the cluster cannot be called ${quoted(name)}` }];
}

function memberName(name: string): Omit<Problem, "path">[] {
  const base = {
    ...wrong(name),
    expected: "1 to 63 letters, digits, dots, dashes and underscores, a letter or digit first",
  };
  if (name.length > 63) return [{ ...base, message: `a member's name has ${name.length} characters` }];
  if (/[,=]/.test(name))
    return [{ ...base, message: "a member's name cannot hold `,` or `=`, which etcd's --initial-cluster uses" }];
  if (name.includes("/") || name.includes(".."))
    return [{ ...base, message: "a member's name names a folder too and cannot hold `/` or `..`" }];
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)
    ? []
    : [{ ...base, message: `a member cannot be called ${quoted(name)}` }];
}

function serviceNames(service: Candidate["file"]["service"]): Problem[] {
  const account = /^[a-z_][a-z0-9_.-]{0,30}$/;
  const check = (key: "unit" | "user" | "group", pattern: RegExp, expected: string): Problem[] => {
    const value = service?.[key];
    if (value === undefined || pattern.test(value)) return [];
    return [{ ...wrong(value), path: ["service", key], message: `${quoted(value)} cannot be the ${key}`, expected }];
  };
  const unit = service?.unit?.endsWith(".service")
    ? `write ${service.unit.slice(0, -".service".length)}, without .service`
    : undefined;
  return [
    ...check("unit", /^(?!.*\.service$)[A-Za-z0-9_.:-]{1,200}$/, "a systemd unit's name without .service").map(
      (each) => ({ ...each, ...(unit === undefined ? {} : { next: unit }) }),
    ),
    ...check("user", account, "a Linux user name, up to 31 small letters, digits and . _ -"),
    ...check("group", account, "a Linux group name, up to 31 small letters, digits and . _ -"),
  ];
}

const wrong = (value: string): Pick<Problem, "code" | "found"> => ({ code: "E_SPEC_NAME", found: quoted(value) });
