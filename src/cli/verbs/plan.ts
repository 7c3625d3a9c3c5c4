/** `quorate plan`: what `up` would do. */
import { isEmpty, refused } from "../../plan/plan.js";
import { planLines } from "../../render/plan-text.js";
import { declarePlanning, planningOf, type PlanningFlags } from "../planning-flags.js";
import { declareSecrets, type SecretOptions } from "../secrets.js";
import { exit } from "../session.js";
import { examples, type Verb } from "../verb.js";

interface PlanOptions extends SecretOptions, PlanningFlags {
  readonly diff?: boolean;
}

export const plan: Verb = {
  declare(command) {
    command.option("--no-diff", "leave out what the files would look like");
    declarePlanning(command);
    declareSecrets(command, { ca: "use" });
    examples(command, [
      ["quorate plan", "stage by stage, host by host, with file diffs"],
      ["quorate plan --json", "the plan as data"],
      ["quorate plan >/dev/null; echo $?", "0: nothing to do, 2: changes, 1: trouble"],
    ]);
  },

  async run(session, _args, options: PlanOptions) {
    const [{ inWorld }, { planOf, survey }] = await Promise.all([import("../world.js"), import("../../survey.js")]);
    return inWorld(session, { ...options, judge: true }, async (spec, world) => {
      const looked = await survey(spec, world);
      const planned = planOf(spec, looked, planningOf(spec, options));
      if (session.json) session.answer({ ...planned, versionSource: looked.versionSource });
      else {
        const { hosts } = looked.seen;
        const textOf = (member: string, path: string): string | undefined => {
          const host = hosts[member];
          return host?.reach === "reachable" ? host.texts[path] : undefined;
        };
        const lines = planLines(planned, {
          ...session.page,
          versionSource: looked.versionSource,
          textOf: options.diff === false ? undefined : textOf,
        });
        if (refused(planned)) session.warn(...lines);
        else session.say(...lines);
      }
      if (refused(planned)) return exit.trouble;
      if (planned.problems.some(({ severity }) => severity === "degraded") && isEmpty(planned)) return exit.trouble;
      return isEmpty(planned) ? exit.done : exit.changes;
    });
  },
};
