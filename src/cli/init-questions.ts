/** What `init` asks when nobody has told it who the members are. */
import type { InitFlags } from "../spec/init.js";
import { withQuestions, type Ask } from "./ask.js";
import type { Session } from "./session.js";

export const askFlags = (session: Session, known: InitFlags): Promise<InitFlags> =>
  withQuestions(session, async (ask) => {
    const name = known.name ?? (await withDefault(ask, "Name of the cluster", "etcd"));
    const local =
      known.hosts === undefined &&
      (await withDefault(ask, "Members on this machine (local) or on Linux hosts (ssh)", "local")).startsWith("l");
    if (local)
      return { ...known, name, hosts: "local", count: Number(await withDefault(ask, "How many members", "3")) || 3 };
    session.warn("One address per line, or NAME=ADDRESS; an empty line ends the list.");
    const members: string[] = [];
    for (;;) {
      const entry = (await ask(`Member ${members.length + 1}: `)).trim();
      if (entry === "") break;
      members.push(entry);
    }
    const user = known.ssh?.user ?? (await ask("Login name on the hosts (empty: as ssh decides): ")).trim();
    return { ...known, name, members, hosts: "ssh", ...(user !== "" && { ssh: { ...known.ssh, user } }) };
  });

async function withDefault(ask: Ask, question: string, usual: string): Promise<string> {
  const answer = (await ask(`${question} [${usual}]: `)).trim();
  return answer === "" ? usual : answer;
}
