/** `quorate log`: what was done, from the operator's own records or from the hosts'. */
import { QuorateError } from "../../errors.js";
import { runsIndex } from "../../apply/journal.js";
import { questionFor } from "../../observe/question.js";
import { parseJournal, runLines, runsTable, summarizeRun } from "../../render/log-text.js";
import type { Spec } from "../../spec/spec.js";
import type { World } from "../../world.js";
import { join } from "node:path";
import { declareSecrets, type SecretOptions } from "../secrets.js";
import { exit, type Session } from "../session.js";
import { examples, type Verb } from "../verb.js";

interface LogOptions extends SecretOptions {
  readonly hosts?: boolean;
}

/** Name of a run → text of its journal. */
type Journals = ReadonlyMap<string, string>;

export const log: Verb = {
  declare(command) {
    command
      .argument("[run]", "name of one run, or enough of its beginning to tell it from the others")
      .option("--hosts", "read the hosts' records, which hold the runs of every operator");
    declareSecrets(command);
    examples(command, [
      ["quorate log", "all runs of this operator"],
      ["quorate log --hosts", "all runs of all operators"],
      ["quorate log 2026-11-22T10", "one run, step by step"],
    ]);
  },

  async run(session, [wanted], options: LogOptions) {
    const { inWorld } = await import("../world.js");
    return inWorld(session, options, async (spec, world) => {
      const journals = options.hosts === true ? await fromHosts(spec, world) : await fromLedger(world);
      return wanted === undefined ? tellRuns(session, journals) : tellRun(session, journals, wanted);
    });
  },
};

function tellRuns(session: Session, journals: Journals): number {
  const runs = [...journals].map(([run, text]) => summarizeRun(run, parseJournal(text)));
  if (session.json) session.answer({ runs });
  else session.say(...runsTable(runs, session.page));
  return exit.done;
}

function tellRun(session: Session, journals: Journals, wanted: string): number {
  const names = [...journals.keys()].filter((name) => name.startsWith(wanted));
  const [name] = names;
  if (name === undefined || names.length > 1) {
    const message = name === undefined ? `no run is called ${wanted}` : `${names.length} runs begin with ${wanted}`;
    throw new QuorateError("E_NO_RUN", message, {
      found: wanted,
      ...(names.length > 1 && { expected: `one of ${names.join(", ")}` }),
    });
  }
  const events = parseJournal(journals.get(name) ?? "");
  if (session.json) for (const event of events) session.event(event);
  else session.say(...runLines(events, session.page));
  return exit.done;
}

async function fromLedger({ ledger }: World): Promise<Journals> {
  const names = await ledger.runs();
  return new Map(await Promise.all(names.map(async (name) => [name, await ledger.read(name)] as const)));
}

/** Every host has the runs that it took part in; together they have all. The longest record of a run is the fullest. */
async function fromHosts(spec: Spec, world: World): Promise<Journals> {
  const found = new Map<string, string>();
  const problems: QuorateError[] = [];
  await Promise.all(
    spec.members.map(async (member) => {
      const host = world.host(member.name);
      const question = { ...questionFor(spec, member, []), stats: [], digests: [] };
      const first = await host.observe({ ...question, texts: [runsIndex(member)] });
      if (first.reach === "unreachable") return void problems.push(first.error);
      const names = (first.texts[runsIndex(member)] ?? "").split("\n").filter((name) => name !== "");
      const paths = new Map(
        [...new Set(names)].map((name) => [name, join(member.paths.state, "runs", `${name}.jsonl`)]),
      );
      const second = await host.observe({ ...question, texts: [...paths.values()] });
      if (second.reach === "unreachable") return void problems.push(second.error);
      for (const [name, path] of paths) {
        const text = second.texts[path] ?? "";
        if (text.length > (found.get(name)?.length ?? -1)) found.set(name, text);
      }
    }),
  );
  const [problem] = problems;
  if (problem !== undefined && problems.length === spec.members.length) throw problem;
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
