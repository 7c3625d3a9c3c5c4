/** docs/reference/cli.md is what the help says. `npx vitest run --project unit test/cli/reference.test.ts -u` writes it anew. */
import { expect, it } from "vitest";
import { commonOptions } from "../../src/cli/overview.js";
import { verbs } from "../../src/cli/verbs.js";
import { quorate } from "./memory-terminal.js";

const preface = `# The command line

\`quorate VERB [options]\`. This page is what \`quorate help VERB\` prints, verb by verb; a test keeps it so.

Options of every verb, before or after it:

${commonOptions.map(([flags, text]) => `* \`${flags}\`: ${text}`).join("\n")}

| environment variable | meaning |
|---|---|
| \`QUORATE_FILE\` | the cluster file, when \`--file\` is not given |
| \`QUORATE_CACHE\` | folder for binaries that were fetched; default: \`quorate\` in \`XDG_CACHE_HOME\`, or \`~/.cache/quorate\` |
| \`QUORATE_SUDO_PASSWORD_FILE\` | file with the password for sudo on the hosts |
| \`QUORATE_PASSPHRASE_FILE\` | file with the passphrase of the CA's key |
| \`QUORATE_SSH_CONFIG\` | an OpenSSH configuration file to use instead of \`~/.ssh/config\` |
| \`NO_COLOR\`, \`FORCE_COLOR\` | never, or always, use colour; without them it is used on terminals |

| exit code | meaning |
|---|---|
| 0 | done, or nothing to do |
| 1 | trouble; standard error says what, or standard output with \`--json\` |
| 2 | \`plan\` only: there are changes |
| 3 | \`up\`, \`stop\` and \`destroy\`: done in part, since a host is away; \`advise\`: there is something to do |
| 130 | stopped by Ctrl-C; the next run goes on |

What is meant to be read by programs is on standard output: with \`--json\` one JSON value, and one per line from \`up\`, \`stop\`,
\`destroy\` and \`log RUN\`. Numbers of 64 bits are strings. Warnings and unhealthy members are on standard error.
`;

it("docs/reference/cli.md says what the help says", async () => {
  const sections: string[] = [];
  for (const { name, alias } of verbs) {
    const { out } = await quorate([name, "--help"]);
    const own = out.replace(/\nGlobal Options:\n(?: {2}.*\n| {4,}.*\n)*/, "");
    sections.push(`## ${alias === undefined ? name : `${name}, ${alias}`}\n\n\`\`\`text\n${own.trimEnd()}\n\`\`\`\n`);
  }
  await expect(`${preface}\n${sections.join("\n")}`).toMatchFileSnapshot("../../docs/reference/cli.md");
});
