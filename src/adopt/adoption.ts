/** Members that run → the file that describes them, the audit, and what is in the way of taking them over. */
import { QuorateError, QuorateErrors } from "../errors.js";
import type { Problem } from "../plan/plan.js";
import { readSpec } from "../spec/load.js";
import type { ReadOptions } from "../spec/surroundings.js";
import { writeSpec } from "../spec/write.js";
import type { Adoption } from "./account.js";
import { audit } from "./audit.js";
import { describe, type Describing } from "./describe.js";
import { differencesOf } from "./differences.js";
import { nameOf, type Live } from "./found.js";

/**
 * Pure but for the environment that the file's text is read in.
 * @throws QuorateError or QuorateErrors E_ADOPT_* when no cluster file can say what was found
 */
export function adoptionOf(
  members: readonly Live[],
  describing: Describing,
  reading: ReadOptions,
  now: number,
): Adoption {
  const { draft, problems } = describe(members, describing);
  const text = writeSpec(draft);
  const { spec, warnings } = readBack(text, reading);
  return {
    members,
    spec,
    text,
    advice: audit(members, spec, now),
    differences: differencesOf(spec, members),
    problems: [
      ...members.flatMap(keeperProblem),
      ...problems,
      ...warnings.filter(({ code }) => code !== "E_VERSION_RISKY").map(warned),
    ],
  };
}

/** Versions are the audit's to speak of. */
const warned = ({ code, message, next }: QuorateError): Problem => ({
  ...{ code, member: undefined, message, severity: "warn", next },
});

/** What the file's own rules refuse is told as what it is: a cluster that such a file cannot describe. */
function readBack(text: string, reading: ReadOptions): ReturnType<typeof readSpec> {
  try {
    return readSpec(text, reading);
  } catch (error) {
    if (!(error instanceof QuorateErrors)) throw error;
    throw new QuorateErrors(
      error.problems.map(
        ({ code, message, details: { path, expected, found } }) =>
          new QuorateError("E_ADOPT_LAYOUT", `${message} (${code})`, {
            ...(path !== undefined && { where: path }),
            ...(expected !== undefined && { expected }),
            ...(found !== undefined && { found }),
          }),
      ),
    );
  }
}

function keeperProblem(member: Live): Problem[] {
  const { keeper } = member;
  if (keeper.kind === "unit") return [];
  const held = {
    "static-pod": "kubelet starts it from a static pod, and would start it again whenever quorate stopped it",
    container: "a container runtime holds it",
    none: "no systemd unit holds it",
  }[keeper.kind];
  return [{ code: "E_ADOPT_KEEPER", member: nameOf(member), message: held, severity: "refuse" }];
}
