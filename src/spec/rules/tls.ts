/** The TLS part: lifetimes that make sense, and enough of it given to be used. */
import { parseDuration } from "../quantities.js";
import { quoted, type Problem } from "../problem.js";
import { isShared } from "../resolve/tls.js";
import type { Candidate } from "../resolve/resolve.js";

const day = 86_400_000;

export function tls(candidate: Candidate): Problem[] {
  return candidate.spec.tls === undefined
    ? []
    : [...lifetimes(candidate), ...subject(candidate), ...given(candidate), ...revocation(candidate)];
}

function lifetimes({ spec, file }: Candidate): Problem[] {
  const written = file.tls === "off" ? undefined : file.tls;
  const base = { code: "E_SPEC_TLS" } as const;
  const problems = (["ca", "leaf"] as const).flatMap((key): Problem[] => {
    const text = written?.validity?.[key];
    const days = (parseDuration(text ?? "1d") ?? day) / day;
    if (text === undefined || (Number.isInteger(days) && days >= 1 && days <= 36_500)) return [];
    const message =
      days > 36_500
        ? "certificates are valid for at most 100 years"
        : "certificates are valid for whole days, at least one";
    return [
      { ...base, path: ["tls", "validity", key], message, expected: "1d to 100y, whole days", found: quoted(text) },
    ];
  });
  const { caDays = 0, leafDays = 0, renewAt = 0.33 } = spec.tls ?? {};
  const path = ["tls", "validity", written?.validity?.leaf === undefined ? "ca" : "leaf"];
  if (problems.length === 0 && spec.tls?.ca.kind === "own" && leafDays > caDays) {
    const message = `certificates would outlive their CA: ${leafDays} days against ${caDays}`;
    problems.push({
      ...base,
      path,
      message,
      expected: `at most ${caDays} days`,
      found: `${leafDays} days`,
      next: `write at most ${caDays}d for \`leaf\`, or more for \`ca\``,
    });
  }
  if (renewAt <= 0 || renewAt >= 1) {
    problems.push({
      ...base,
      path: ["tls", "renew-at"],
      message: "renew-at has to lie between 0 and 1",
      expected: "for example 0.33",
      found: String(renewAt),
    });
  }
  return problems;
}

/** etcd reads one list from a file, so two hands cannot write it. */
function revocation({ spec }: Candidate): Problem[] {
  const own = ["client-crl-file", "peer-crl-file"].find((name) => spec.etcd.settings[name] !== undefined);
  if (spec.tls?.revocation !== true || own === undefined) return [];
  return [
    {
      code: "E_SPEC_TLS",
      path: ["tls", "revocation"],
      message: `quorate cannot keep the list of revoked certificates while ${own} names another`,
      expected: "one of the two",
      found: `tls.revocation: true and ${own}`,
      next: "remove the setting, or `revocation`",
    },
  ];
}

function subject({ spec }: Candidate): Problem[] {
  const country = spec.tls?.subject.C;
  if (country === undefined || /^[A-Za-z]{2}$/.test(country)) return [];
  return [
    {
      code: "E_SPEC_TLS",
      path: ["tls", "subject", "C"],
      message: "a country has two letters",
      expected: "two letters, for example JP",
      found: quoted(country),
    },
  ];
}

/** Whether the files themselves fit is for the authority to judge. */
function given({ spec, file }: Candidate): Problem[] {
  const written = file.tls === "off" || file.tls === undefined ? {} : file.tls;
  const { ca, certificates, client, keys } = written;
  const found = Object.keys(written).join(", ");
  const say = (path: Problem["path"], message: string, next: string): Problem => ({
    code: "E_SPEC_TLS",
    path: ["tls", ...path],
    message,
    found,
    next,
  });
  const signs = ca === undefined || ca.key !== undefined;
  const problems: Problem[] = [];
  if (certificates === undefined) {
    if (!signs)
      problems.push(
        say(
          ["ca"],
          "the CA is given without its key, so no certificate can be issued",
          "add `key`, or give the certificates too",
        ),
      );
    if (client !== undefined && ca === undefined)
      problems.push(say(["client"], "a client pair is given without the CA that signed it", "add `tls.ca.cert`"));
    return problems;
  }
  if (ca === undefined)
    problems.push(say(["certificates"], "certificates are given without the CA that signed them", "add `tls.ca.cert`"));
  if (keys === "host")
    problems.push(
      say(["keys"], "keys cannot be made on the hosts when certificates are given", "remove `keys` or `certificates`"),
    );
  if (isShared(certificates)) return problems;
  const names = spec.members.map((member) => member.name);
  for (const name of Object.keys(certificates)) {
    if (!names.includes(name))
      problems.push({
        ...say(["certificates", name], `there is no member ${quoted(name)}`, `known members: ${names.join(", ")}`),
        atKey: true,
      });
  }
  const without = names.filter((name) => !Object.hasOwn(certificates, name));
  if (without.length > 0 && !(ca !== undefined && signs)) {
    problems.push(
      say(
        ["certificates"],
        `no certificate is given for ${without.join(", ")}`,
        "add a pair for each, or the CA's key",
      ),
    );
  }
  if (client === undefined && !(ca !== undefined && signs)) {
    problems.push(
      say(
        ["certificates"],
        "quorate itself has no client certificate and cannot issue one",
        "add `tls.client`, or the CA's key",
      ),
    );
  }
  return problems;
}
