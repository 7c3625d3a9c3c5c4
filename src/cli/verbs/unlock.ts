/** `quorate unlock`: who is at work on the cluster, and how to end it. */
import { hostname, userInfo } from "node:os";
import type { LockHolder } from "../../host/host.js";
import { questionFor } from "../../observe/question.js";
import type { Spec } from "../../spec/spec.js";
import type { World } from "../../world.js";
import { demandConsent } from "../ask.js";
import { declareSecrets, type SecretOptions } from "../secrets.js";
import { exit } from "../session.js";
import { examples, type Verb } from "../verb.js";
import { QuorateError } from "../../errors.js";

interface UnlockOptions extends SecretOptions {
  readonly steal?: boolean;
  readonly yes?: boolean;
}

type Held = { readonly member: string; readonly holder: LockHolder };

export const unlock: Verb = {
  declare(command) {
    command
      .option("--steal", "end the holder's session on the hosts and free the lock")
      .option("-y, --yes", "do not ask");
    declareSecrets(command);
    examples(command, [
      ["quorate unlock", "show who holds the lock"],
      ["quorate unlock --steal", "when the holder hangs and cannot be reached"],
    ]);
    command.addHelpText(
      "after",
      "\nThe lock is held by the connection of the quorate that works, so it is free as soon as that quorate ends, however it ends.",
    );
  },

  async run(session, _args, options: UnlockOptions) {
    const { inWorld } = await import("../world.js");
    return inWorld(session, options, async (spec, world) => {
      const held = await holders(spec, world);
      if (session.json && options.steal !== true) session.answer({ locked: held.length > 0, holders: held });
      if (!session.json) session.say(...(held.length === 0 ? ["Nobody holds the lock."] : held.map(sayHolder)));
      if (held.length === 0 || options.steal !== true) return exit.done;
      if (options.yes !== true) await demandConsent(session, "End what they are doing and take the lock away?");
      for (const { member } of held) {
        const host = world.host(member);
        await host.lock(ourselves(), true);
        await host.unlock();
      }
      if (session.json) session.answer({ locked: false, ended: held });
      else session.say("The lock is free. Look at `quorate plan` for what was left half done.");
      return exit.done;
    });
  },
};

async function holders(spec: Spec, world: World): Promise<Held[]> {
  const looks = await Promise.all(
    spec.members.map(async (member) => ({
      member: member.name,
      seen: await world.host(member.name).observe(questionFor(spec, member, [])),
    })),
  );
  const [away] = looks.flatMap(({ seen }): QuorateError[] => (seen.reach === "unreachable" ? [seen.error] : []));
  if (away !== undefined && looks.every(({ seen }) => seen.reach === "unreachable")) throw away;
  return looks.flatMap(({ member, seen }) =>
    seen.reach === "reachable" && seen.lock !== undefined ? [{ member, holder: seen.lock }] : [],
  );
}

const sayHolder = ({ member, holder: { operator, machine, pid, command, since } }: Held): string =>
  `${member}: ${operator} on ${machine} (pid ${pid}) since ${since}: ${command}`;

const ourselves = (): LockHolder => ({
  ...{ operator: userInfo().username, machine: hostname(), pid: process.pid },
  ...{ command: "quorate unlock --steal", since: new Date().toISOString(), run: "unlock" },
});
