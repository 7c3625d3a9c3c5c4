/** `quorate upgrade`: another version of etcd, by the way that is safe, written into the file. */
import { readFile } from "node:fs/promises";
import { QuorateError } from "../../errors.js";
import type { Spec } from "../../spec/spec.js";
import type { World } from "../../world.js";
import { demandConsent } from "../ask.js";
import { declarePlanning, planningOf, planningWords, type PlanningFlags } from "../planning-flags.js";
import { prove } from "../prove.js";
import { replaceClusterFile } from "../replace-cluster-file.js";
import { declareSecrets, type SecretOptions } from "../secrets.js";
import { exit } from "../session.js";
import { examples, type Verb } from "../verb.js";

interface UpgradeOptions extends SecretOptions, PlanningFlags {
  readonly to?: string;
  readonly yes?: boolean;
}

export const upgrade: Verb = {
  declare(command) {
    command
      .requiredOption(
        "--to <version>",
        "exact, or a line such as 3.6: the newest patch of it that can be had and is safe",
      )
      .option("-y, --yes", "do not ask");
    declarePlanning(command);
    declareSecrets(command, { ca: "use" });
    examples(command, [
      ["quorate upgrade --to 3.6", "every hop on the way, one member at a time, the leader last"],
      ["quorate upgrade --to 3.5.33 --yes", "one exact patch, without asking"],
      ["quorate upgrade --to 3.5", "from 3.6: back, through etcd's own protocol"],
    ]);
  },

  async run(session, _args, options: UpgradeOptions) {
    const { to = "" } = options;
    const [{ inWorld }, { carryOut }] = await Promise.all([import("../world.js"), import("../carry-out.js")]);
    return inWorld(session, { ...options, judge: true }, async (spec, world) => {
      const version = await targetVersion(to, spec, world);
      const before = await readFile(spec.file, "utf8");
      const file = await withVersion(before, version);
      const { code } = await carryOut(session, { ...spec, etcd: { ...spec.etcd, version } }, world, {
        ...{ goal: "running", planning: planningOf(spec, options), file },
        command: ["quorate upgrade --to", to, ...planningWords(options)].join(" "),
        consent: async (plan) => {
          if (options.yes !== true) await demandConsent(session, `Take ${plan.cluster} to etcd ${version}?`);
          // First the file: when this run is cut off, `quorate up` goes on from there.
          if (file !== before) await replaceClusterFile(spec.file, file);
        },
      });
      return code === exit.done || code === exit.degraded ? prove(session, spec, world, code) : code;
    });
  },
};

/** @throws QuorateError E_RELEASE_NOT_FOUND when no source has a version of that line */
async function targetVersion(asked: string, spec: Spec, world: World): Promise<string> {
  const { targetOf } = await import("../../release/hops.js");
  const { observe } = await import("../../observe/observe.js");
  const { hosts } = await observe(spec, world, []);
  const arch = Object.values(hosts).flatMap((host) => (host.reach === "reachable" ? [host.arch] : []))[0] ?? "amd64";
  const offered = await world.release.offers(arch);
  const version = targetOf(asked, offered, arch);
  if (version !== undefined) return version;
  throw new QuorateError("E_RELEASE_NOT_FOUND", `no source offers an etcd ${asked} for ${arch} that the rules allow`, {
    expected: offered.join(", "),
    found: asked,
  });
}

/** Comments and order stay as they are. */
async function withVersion(text: string, version: string): Promise<string> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text);
  document.setIn(["etcd", "version"], version);
  return document.toString({ lineWidth: 0 });
}
