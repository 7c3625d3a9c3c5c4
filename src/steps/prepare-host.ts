import { withMember } from "../observe/facts.js";
import type { StepKind } from "./step.js";

/** The service's user and the folders that everything else goes into. */
export interface PrepareHost {
  readonly kind: "prepare-host";
  readonly member: string;
  readonly user: string;
  /** The user is not there yet. */
  readonly newUser: boolean;
  readonly group: string;
  readonly home: string;
  readonly directories: readonly {
    readonly path: string;
    readonly mode: string;
    readonly owner: string;
    readonly group: string;
  }[];
}

export const prepareHost: StepKind<PrepareHost> = {
  kind: "prepare-host",
  risk: "none",
  patience: 20_000,
  title({ user, newUser, directories }) {
    const folders = `${directories.length} folder${directories.length === 1 ? "" : "s"}`;
    return `make ${[...(newUser ? [`user ${user}`] : []), ...(directories.length > 0 ? [folders] : [])].join(" and ")}`;
  },
  guard: () => undefined,
  effect(step, now) {
    const directories = { ...now.members[step.member]?.directories };
    for (const { path, mode, owner, group } of step.directories) directories[path] = `${mode} ${owner}:${group}`;
    return withMember(now, step.member, { user: "yes", directories });
  },
  async run(step, { world }) {
    await world
      .host(step.member)
      .act([
        { do: "make-user", name: step.user, group: step.group, home: step.home },
        ...step.directories.map((directory) => ({ do: "make-directory" as const, ...directory })),
      ]);
  },
};
