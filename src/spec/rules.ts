/** The rules that a spec has to keep. Each is pure and says every problem it sees. */
import type { Problem } from "./problem.js";
import type { Candidate } from "./resolve/resolve.js";
import { addresses } from "./rules/addresses.js";
import { auth } from "./rules/auth.js";
import { consumers } from "./rules/consumers.js";
import { hosts } from "./rules/hosts.js";
import { quota, snapshots, times } from "./rules/limits.js";
import { listenUrls } from "./rules/listen.js";
import { distinctMembers, memberCount } from "./rules/members.js";
import { names } from "./rules/names.js";
import { paths } from "./rules/paths.js";
import { ports } from "./rules/ports.js";
import { references } from "./rules/references.js";
import { release } from "./rules/release.js";
import { settings } from "./rules/settings.js";
import { sharedMachine } from "./rules/shared-machine.js";
import { tls } from "./rules/tls.js";
import { acceptance, version } from "./rules/version.js";

export type Rule = (candidate: Candidate) => Problem[];

const rules: readonly Rule[] = [
  names,
  memberCount,
  distinctMembers,
  addresses,
  listenUrls,
  ports,
  hosts,
  paths,
  sharedMachine,
  version,
  acceptance,
  settings,
  times,
  quota,
  snapshots,
  tls,
  auth,
  references,
  release,
  consumers,
];

export function judge(candidate: Candidate): Problem[] {
  return rules.flatMap((rule) => rule(candidate));
}
