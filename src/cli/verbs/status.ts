/** `quorate status`: the cluster at a glance. */
import { observe } from "../../observe/observe.js";
import { statusRows } from "../../render/status-rows.js";
import { statusJson, statusTable } from "../../render/status-table.js";
import { declareSecrets, type SecretOptions } from "../secrets.js";
import { exit } from "../session.js";
import { examples, type Verb } from "../verb.js";

export const status: Verb = {
  declare(command) {
    declareSecrets(command);
    examples(command, [
      ["quorate status", "role, version, sizes, lag, alarms, certificates, units"],
      ["quorate status --json", "the same as data; numbers of 64 bits are strings"],
    ]);
    command.addHelpText("after", "\nExit codes: 0 there is a leader and every member serves, 1 not so.");
  },

  async run(session, _args, options: SecretOptions) {
    const { inWorld } = await import("../world.js");
    return inWorld(session, options, async (spec, world) => {
      const seen = await observe(spec, world, []);
      const rows = statusRows(spec, seen);
      if (session.json) {
        const serving = Object.values(seen.etcd).find((endpoint) => endpoint.state === "serving");
        session.answer(statusJson(spec.name, serving?.status.clusterId, rows));
      } else session.say(...statusTable(rows, world.clock.now(), session.page));
      const led = rows.some(({ role }) => role === "leader");
      const all = rows.every(({ role }) => role !== "silent" && role !== "unknown");
      return led && all ? exit.done : exit.trouble;
    });
  },
};
