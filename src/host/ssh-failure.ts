/**
 * Why there is no shell: ssh, sudo or the login shell. ssh ends with 255 for everything that is its own, so its words
 * (in the C locale) decide what it was; they are read nowhere else.
 */
import { QuorateError, type ErrorCode } from "../errors.js";
import { lostShell } from "./local-shell.js";
import type { Ending } from "./shell.js";
import type { SshOptions, SshTarget } from "./ssh.js";
import { deniedDetails, hostKeyDetails } from "./ssh-diagnosis.js";

/** First match counts: a changed key also says that verification failed, and so on. */
const sshWords: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    "E_SSH_HOST_KEY_CHANGED",
    "the host's key is not the one that is on record",
  ],
  [
    /Host key verification failed|No \S+ host key is known for/,
    "E_SSH_HOST_KEY_UNKNOWN",
    "the host's key is not on record",
  ],
  [
    /Bad configuration option|Bad owner or permissions on|terminating, \d+ bad configuration|Can't open user config file/,
    "E_SSH_CONFIG",
    "ssh refuses its configuration",
  ],
  [
    /UNPROTECTED PRIVATE KEY FILE|bad permissions/,
    "E_SSH_KEY_UNUSABLE",
    "the private key's file may be read by others, so ssh does not use it",
  ],
  [
    /Permission denied \((?:password|keyboard-interactive|,)+\)/,
    "E_SSH_PASSWORD_ONLY",
    "the host accepts passwords only",
  ],
  [
    /Permission denied|Too many authentication failures|No supported authentication methods/,
    "E_SSH_DENIED",
    "the host accepts none of the keys that ssh offers",
  ],
  [/Could not resolve hostname|Name or service not known/, "E_SSH_NAME", "the host's name does not resolve"],
  [/Connection refused/, "E_SSH_REFUSED", "nothing listens at the host's SSH port"],
  [
    /Connection timed out|Operation timed out|timed out during banner|Timeout, server/,
    "E_SSH_TIMEOUT",
    "the host does not answer; it is down or a firewall drops the connection",
  ],
  [
    /No route to host|Network is unreachable|Host is down/,
    "E_SSH_NO_ROUTE",
    "the host cannot be reached from this network",
  ],
  [/Unable to negotiate/, "E_SSH_ALGORITHMS", "ssh and the host have no algorithm in common"],
  [
    /invalid format|kex_exchange_identification|Connection (?:closed|reset) by|Bad protocol|banner/,
    "E_SSH_NOT_SSH",
    "what answers there does not speak SSH, or closes the connection at once",
  ],
];

const sudoWords: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/must have a tty|no tty present|a terminal is required/, "E_SUDO_TTY", "sudo wants a terminal"],
  [/a password is required/, "E_SUDO_PASSWORD_NEEDED", "sudo wants a password"],
  [/not in the sudoers|not allowed to|may not run/, "E_SUDO_REFUSED", "the user may not become root"],
  [/sudo: (?:command )?not found|sudo.*No such file/, "E_SUDO_REFUSED", "there is no sudo on the host"],
];

/** One clear error for an ssh shell that ended or never came. @param name the host's name in messages */
export async function explainSsh(
  name: string,
  target: SshTarget,
  options: SshOptions,
  ending: Ending,
): Promise<QuorateError> {
  if (ending.ready) return lostShell(name, ending);
  const words = ending.stderr;
  const fail = (
    code: ErrorCode,
    message: string,
    details: { found?: string; expected?: string; next?: string } = {},
  ): QuorateError =>
    new QuorateError(code, `${name}: ${message}`, {
      where: target.host,
      found: words === "" ? `exit status ${ending.status}` : words,
      cause: ending.cause,
      ...details,
    });

  switch (ending.reason) {
    case "spawn":
      return fail("E_SSH_MISSING", "the ssh program cannot be run", { found: String(ending.cause) });
    case "password-wrong":
      return fail("E_SUDO_PASSWORD_WRONG", "sudo did not accept the password", { found: "sudo asked again" });
    case "password-missing":
      return fail("E_SUDO_PASSWORD_NEEDED", "sudo wants a password and none was given", { found: "no password" });
    case "closed":
      return lostShell(name, ending);
    case "silence":
      return ending.chatter === "" && words === ""
        ? fail("E_SSH_TIMEOUT", "the host does not answer", { found: "no sign of life" })
        : loginShell(fail, ending);
    case "output":
      return loginShell(fail, ending);
    case "exit":
      break;
  }
  const sudo = target.become === "none" ? undefined : sudoWords.find(([pattern]) => pattern.test(words));
  if (sudo !== undefined && ending.status !== 255) return fail(sudo[1], sudo[2]);
  const ssh = ending.status === 255 ? sshWords.find(([pattern]) => pattern.test(words)) : undefined;
  if (ssh === undefined)
    return ending.status === 255 ? fail("E_HOST_UNREACHABLE", "ssh could not connect") : loginShell(fail, ending);
  const [, code, message] = ssh;
  if (code === "E_SSH_HOST_KEY_UNKNOWN" || code === "E_SSH_HOST_KEY_CHANGED")
    return fail(code, message, await hostKeyDetails(code, target, options, words));
  if (code === "E_SSH_DENIED") {
    const { encrypted, ...details } = await deniedDetails(target, options, words);
    return encrypted === undefined
      ? fail(code, message, details)
      : fail("E_SSH_KEY_UNUSABLE", `the key ${encrypted} is encrypted and no agent holds it`, details);
  }
  return fail(code, message);
}

/** ssh worked, but what it ran there was not a shell that does as told: nologin, a forced command, an rc file. */
function loginShell(
  fail: (code: ErrorCode, message: string, details?: { found?: string }) => QuorateError,
  ending: Ending,
): QuorateError {
  const said = [ending.chatter, ending.stderr]
    .filter((text) => text !== "")
    .join("\n")
    .slice(0, 2_000);
  return fail("E_LOGIN_SHELL", "the login shell did not run quorate's commands", {
    found: said === "" ? `it ended with status ${ending.status} and said nothing` : said,
  });
}
