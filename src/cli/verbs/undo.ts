/** `quorate undo`: back to what the file said before a run, as a plan like any other. */
import { readFile } from "node:fs/promises";
import type { RunEvent } from "../../apply/events.js";
import { QuorateError } from "../../errors.js";
import { parseJournal } from "../../render/log-text.js";
import { unifiedDiff } from "../../render/diff.js";
import type { World } from "../../world.js";
import { demandConsent } from "../ask.js";
import { declarePlanning, planningOf, planningWords, type PlanningFlags } from "../planning-flags.js";
import { prove } from "../prove.js";
import { replaceClusterFile } from "../replace-cluster-file.js";
import { declareSecrets, type SecretOptions } from "../secrets.js";
import { exit, type Session } from "../session.js";
import { examples, type Verb } from "../verb.js";

interface UndoOptions extends SecretOptions, PlanningFlags {
  readonly yes?: boolean;
}

interface Past {
  readonly run: string;
  readonly command: string;
  readonly file: string;
}

export const undo: Verb = {
  declare(command) {
    command
      .argument("<run>", "name of a run, as `quorate log` shows it, or enough of its beginning")
      .option("-y, --yes", "do not ask");
    declarePlanning(command);
    declareSecrets(command, { ca: "use" });
    examples(command, [
      ["quorate log", "the runs there are"],
      ["quorate undo 2026-11-22T10", "show the way back, ask, do it"],
    ]);
    command.addHelpText(
      "after",
      "\nThe way back is planned from what is, and keeps quorum as every plan does. What has no way back is said first.",
    );
  },

  async run(session, [wanted = ""], options: UndoOptions) {
    const [{ inWorld }, { carryOut }] = await Promise.all([import("../world.js"), import("../carry-out.js")]);
    const {
      spec: current,
      past,
      undone,
    } = await inWorld(session, options, async (spec, world) => ({
      spec,
      ...(await goalOf(world, wanted)),
    }));
    const { readSpec } = await import("../../spec/load.js");
    const { cwd, env } = session.terminal;
    const { spec } = readSpec(past.file, { file: current.file, cwd, env });
    await tellFile(session, current.file, past.file, undone);
    if (current.auth !== undefined && spec.auth === undefined) session.warn(...usersStay);
    return inWorld(session, { ...options, judge: true, spec }, async (_spec, world) => {
      const { code } = await carryOut(session, spec, world, {
        ...{ goal: "running", planning: planningOf(spec, options), file: past.file },
        command: ["quorate undo", wanted, ...planningWords(options)].join(" "),
        consent: async (plan) => {
          if (options.yes !== true) await demandConsent(session, `Go back to this in ${plan.cluster}?`);
          await replaceClusterFile(spec.file, past.file);
        },
      });
      return code === exit.done || code === exit.degraded ? prove(session, spec, world, code) : code;
    });
  },
};

const usersStay = [
  "! The file of then says nothing of users and roles, so they stay as they are, and so does whether etcd asks for them.",
  "  To turn authentication off, write `enabled: false` under `auth` first, and run `quorate up`.",
];

/** @throws QuorateError E_NO_RUN; E_NO_WAY_BACK when no file is known from before it */
async function goalOf({ ledger }: World, wanted: string): Promise<{ past: Past; undone: readonly Past[] }> {
  const names = await ledger.runs();
  const matching = names.filter((name) => name.startsWith(wanted));
  const [name] = matching;
  if (name === undefined || matching.length > 1) {
    const message = name === undefined ? `no run is called ${wanted}` : `${matching.length} runs begin with ${wanted}`;
    throw new QuorateError("E_NO_RUN", message, { found: wanted });
  }
  const all = await Promise.all(names.map(async (run) => pastOf(run, parseJournal(await ledger.read(run)))));
  const pasts = all.filter((past) => past !== undefined);
  const before = pasts.filter(({ run }) => run < name).at(-1);
  if (before !== undefined) return { past: before, undone: pasts.filter(({ run }) => run >= name) };
  throw new QuorateError("E_NO_WAY_BACK", `nothing is known of the file from before ${name}`, {
    where: name,
    next: "the first run made the cluster: what takes it back is `quorate destroy`",
  });
}

function pastOf(run: string, events: readonly RunEvent[]): Past | undefined {
  const [begun] = events;
  if (begun?.type !== "run-started" || begun.file === undefined || begun.plan.goal !== "running") return undefined;
  return { run, command: begun.command, file: begun.file };
}

async function tellFile(session: Session, path: string, text: string, undone: readonly Past[]): Promise<void> {
  if (session.json) return;
  session.say("Takes back:", ...undone.map(({ run, command }) => `  ${run}  ${command}`), "");
  session.say(...unifiedDiff(await readFile(path, "utf8"), text).map((line) => `  ${line}`), "");
}
