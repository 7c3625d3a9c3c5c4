/** The service's own system user, made with whatever the host has: useradd, or else systemd-sysusers. */
import { scriptStatus, type Command } from "./command.js";
import type { HostAction } from "./host.js";
import { quote, quoteAccount, quotePath } from "./quote.js";

/** An account that is there stays as it is. Without root only an account that is there will do. */
export function makeUser({ name, group, home }: Extract<HostAction, { do: "make-user" }>): Command {
  const [user, team, folder] = [quoteAccount(name), quoteAccount(group), quotePath(home)];
  const sysusers = [`g ${group} -`, `u ${name} -:${group} "etcd" ${home} /usr/sbin/nologin`, ""].join("\n");
  const script = [
    "set -eu",
    `if id -u -- ${user} >/dev/null 2>&1; then exit 0; fi`,
    '[ "$u" = 0 ] || { echo "only root can make a user" >&2; exit 1; }',
    "if command -v useradd >/dev/null 2>&1; then",
    `  getent group ${team} >/dev/null 2>&1 || groupadd --system ${team}`,
    `  useradd --system --gid ${team} --home-dir ${folder} --no-create-home --shell /usr/sbin/nologin ${user}`,
    "elif command -v systemd-sysusers >/dev/null 2>&1; then",
    `  printf %s ${quote(sysusers)} | systemd-sysusers -`,
    `else echo "neither useradd nor systemd-sysusers is there" >&2; exit ${scriptStatus.missingProgram}; fi`,
    `id -u -- ${user} >/dev/null`,
  ];
  return { intent: `make the user ${name}`, script: script.join("\n") };
}
