/** The version: exact, and not one that is known to be unsafe. */
import { QuorateError } from "../../errors.js";
import { acceptableHazards, notAcceptable } from "../../release/accept.js";
import { judgeVersion } from "../../release/policy.js";
import { isPrerelease, parseVersion } from "../../release/versions.js";
import { quoted, type Problem } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";

/** Every name is one of a hazard that may be taken on. */
export function acceptance({ spec }: Candidate): Problem[] {
  return spec.etcd.accept.flatMap((id, index): Problem[] => {
    const why = notAcceptable(id);
    if (why === undefined) return [];
    const expected = acceptableHazards.map((hazard) => hazard.id).join(", ");
    return [{ path: ["etcd", "accept", index], found: quoted(id), code: "E_SPEC", message: why, expected }];
  });
}

export function version({ spec }: Candidate): Problem[] {
  const { version: written } = spec.etcd;
  if (written === undefined) return [];
  const base = { path: ["etcd", "version"], found: quoted(written) };
  if (!isPrerelease(written)) {
    try {
      parseVersion(written);
    } catch (error) {
      if (!(error instanceof QuorateError)) throw error;
      return [
        {
          ...base,
          code: error.code,
          message: error.message,
          expected: "three numbers, for example 3.5.30",
          next: error.next,
        },
      ];
    }
  }
  const { verdict, reasons } = judgeVersion(written);
  const why = reasons.map((reason) => `${reason.text} (${reason.source})`).join("; ");
  const expected = "the newest patch of a supported line";
  if (verdict === "ok") return [];
  if (verdict === "warn")
    return [{ ...base, code: "E_VERSION_RISKY", severity: "warning", message: `etcd ${written}: ${why}`, expected }];
  return [{ ...base, code: "E_RELEASE_REFUSED", message: `etcd ${written} is refused: ${why}`, expected }];
}
