/** `quorate health`: every member proves that it can commit. Speed matters here, so little is loaded. */
import { inCluster, type Proved } from "../cluster-only.js";
import { exit, type Session } from "../session.js";
import { tellHealth } from "../tell-health.js";
import { examples, type Verb } from "../verb.js";
import { healthJson } from "../../render/health-lines.js";

interface HealthOptions {
  readonly watch?: string | boolean;
  readonly timeout?: string;
}

export const health: Verb = {
  declare(command) {
    command
      .option("-w, --watch [seconds]", "prove it again and again, every 2 seconds unless told otherwise, until Ctrl-C")
      .option("--timeout <seconds>", "what each question to a member may take (default: 5, as etcdctl's)");
    examples(command, [
      ["quorate health", "one line per member, in etcdctl's own words"],
      ["quorate health --json", "the same as data, with leader, alarms and learners"],
      ["quorate health --watch 5", "every five seconds"],
    ]);
    command.addHelpText("after", "\nExit codes: 0 every member is healthy and all agree on the leader, 1 not so.");
  },

  async run(session, _args, options: HealthOptions) {
    const deadline = await seconds(options.timeout, "--timeout", 5);
    const pause = await seconds(options.watch === true ? undefined : options.watch, "--watch", 2);
    const again = options.watch !== undefined && options.watch !== false;
    return inCluster(session, async (prove) => {
      for (;;) {
        const code = await tell(session, await prove(deadline), again);
        if (!again) return code;
        await new Promise((resolve) => setTimeout(resolve, pause));
        if (!session.json) session.say("");
      }
    });
  },
};

/** @param again one of many: as JSON it takes one line */
async function tell(session: Session, { cluster, health: proved }: Proved, again: boolean): Promise<number> {
  if (session.json) {
    const answer = healthJson(cluster, proved);
    if (again) session.event(answer);
    else session.answer(answer);
  } else {
    tellHealth(session, proved);
  }
  return proved.healthy ? exit.done : exit.trouble;
}

/** @returns milliseconds */
async function seconds(text: string | boolean | undefined, flag: string, usual: number): Promise<number> {
  if (text === undefined || typeof text === "boolean") return usual * 1000;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 86_400) return value * 1000;
  const { QuorateError } = await import("../../errors.js");
  throw new QuorateError("E_USAGE", `${flag} ${text} is not a number of seconds`, {
    expected: "a number above 0",
    found: text,
  });
}
