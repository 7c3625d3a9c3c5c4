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
  readonly newPassword?: readonly string[];
}

export function declarePlanning(command: Command): void {
  command
    .option("--move-aside <member>", "rename data that is in this member's way; may be given more than once", severally)
    .option(
      "--remove <member>",
      "let a member go that the file does not name and quorate did not add, as `status` calls it; or forget one that has left, whose host is away for good",
      severally,
    )
    .option(
      "--accept-downtime",
      "restart members although nothing is served meanwhile: one or two members cannot be spared",
    )
    .option("--drop-old-ca", "change the CA although clients are known to hold certificates of the old one")
    .option("--close-plaintext", "serve no client without TLS any more, on a cluster that comes from `tls: off`")
    .option(
      "--new-password <user>",
      "ask for a new password of this user, whose file says `password: prompt`",
      severally,
    );
}

/** @throws QuorateError E_USAGE for a member that the file does not have, or a user whose password is not asked for */
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
  demandPrompts(spec, flags.newPassword ?? []);
  return { moveAside, remove, downtime: acceptDowntime, dropOldCa, closePlaintext };
}

function demandPrompts({ auth }: Spec, users: readonly string[]): void {
  const asked = Object.entries(auth?.users ?? {}).flatMap(([name, { password }]) =>
    password?.kind === "prompt" ? [name] : [],
  );
  const other = users.find((user) => !asked.includes(user));
  if (other === undefined) return;
  throw new QuorateError("E_USAGE", `--new-password ${other}: the password of this user is not asked for`, {
    expected: asked.length === 0 ? "a user with `password: prompt` in the file" : asked.join(", "),
    found: other,
    next: "change the file or the variable that the password is read from, and run `quorate up`",
  });
}

/** As typed, for the lock and the journal. */
export const planningWords = ({
  moveAside = [],
  remove = [],
  acceptDowntime,
  dropOldCa,
  closePlaintext,
  newPassword = [],
}: PlanningFlags): readonly string[] => [
  ...moveAside.map((member) => `--move-aside ${member}`),
  ...remove.map((member) => `--remove ${member}`),
  ...(acceptDowntime === true ? ["--accept-downtime"] : []),
  ...(dropOldCa === true ? ["--drop-old-ca"] : []),
  ...(closePlaintext === true ? ["--close-plaintext"] : []),
  ...newPassword.map((user) => `--new-password ${user}`),
];
