/** Flags by which an operator allows what a plan does not do by itself; the same for `plan` and `up`. */
import type { Command } from "commander";
import { QuorateError } from "../errors.js";
import type { Spec } from "../spec/spec.js";
import type { PlanOptions } from "../survey.js";
import { severally } from "./verb.js";

export interface PlanningFlags {
  readonly moveAside?: readonly string[];
  readonly remove?: readonly string[];
  readonly acceptDowntime?: boolean;
  readonly dropOldCa?: boolean;
  readonly closePlaintext?: boolean;
}

export function declarePlanning(command: Command): void {
  command
    .option("--move-aside <member>", "rename data that is in this member's way; may be given more than once", severally)
    .option(
      "--remove <member>",
      "let a member go that the file does not name and quorate did not add, as `status` calls it",
      severally,
    )
    .option(
      "--accept-downtime",
      "restart members although nothing is served meanwhile: one or two members cannot be spared",
    )
    .option("--drop-old-ca", "change the CA although clients are known to hold certificates of the old one")
    .option("--close-plaintext", "serve no client without TLS any more, on a cluster that comes from `tls: off`");
}

/** @throws QuorateError E_USAGE for a member that the file does not have */
export function planningOf(spec: Spec, flags: PlanningFlags): PlanOptions {
  const { moveAside = [], remove = [], acceptDowntime = false, dropOldCa = false, closePlaintext = false } = flags;
  const unknown = moveAside.find((name) => !spec.members.some((member) => member.name === name));
  if (unknown !== undefined) {
    const expected = spec.members.map(({ name }) => name).join(", ");
    throw new QuorateError("E_USAGE", `--move-aside ${unknown}: the file has no such member`, {
      expected,
      found: unknown,
    });
  }
  const wanted = remove.find((name) => spec.members.some((member) => member.name === name));
  if (wanted !== undefined)
    throw new QuorateError("E_USAGE", `--remove ${wanted}: the file names this member; take it out of the file`, {
      found: wanted,
    });
  return { moveAside, remove, downtime: acceptDowntime, dropOldCa, closePlaintext };
}

/** As typed, for the lock and the journal. */
export const planningWords = ({
  moveAside = [],
  remove = [],
  acceptDowntime,
  dropOldCa,
  closePlaintext,
}: PlanningFlags): readonly string[] => [
  ...moveAside.map((member) => `--move-aside ${member}`),
  ...remove.map((member) => `--remove ${member}`),
  ...(acceptDowntime === true ? ["--accept-downtime"] : []),
  ...(dropOldCa === true ? ["--drop-old-ca"] : []),
  ...(closePlaintext === true ? ["--close-plaintext"] : []),
];
