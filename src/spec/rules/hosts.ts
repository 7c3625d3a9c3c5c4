/** How hosts are reached, and what a cluster on this machine has no use for. */
import { quoted, type Problem, type YamlPath } from "../problem.js";
import type { MemberEntry } from "../resolve/entries.js";
import type { Candidate } from "../resolve/resolve.js";

export function hosts({ file, entries }: Candidate): Problem[] {
  const written: { ssh: MemberEntry["ssh"]; path: YamlPath }[] = [
    { ssh: file.ssh, path: ["ssh"] },
    ...entries.map(({ ssh, at }) => ({ ssh, path: [...at, "ssh"] })),
  ];
  if (file.hosts === "local") {
    const service = (["unit", "user", "group", "memory-max"] as const)
      .filter((key) => file.service?.[key] !== undefined)
      .map((key): YamlPath => ["service", key]);
    const ssh = written.filter((each) => each.ssh !== undefined).map((each) => each.path);
    return [...ssh, ...service].map((path) => ({
      code: "E_SPEC",
      severity: "warning",
      path,
      atKey: true,
      message: `\`${String(path.at(-1))}\` is not used with \`hosts: local\``,
      next: "remove it",
    }));
  }
  return written.flatMap(({ ssh = {}, path }) =>
    (["host", "user", "jump"] as const).flatMap((key) => {
      const value = ssh[key];
      if (value === undefined || (!value.startsWith("-") && !/[\s"'\\$`;&|<>]/.test(value))) return [];
      return [wrong([...path, key], value)];
    }),
  );
}

const wrong = (path: YamlPath, value: string): Problem => ({
  code: "E_SPEC_NAME",
  path,
  message: `${quoted(value)} cannot go on ssh's command line`,
  expected: "a name or address as you would type it after `ssh`",
  found: quoted(value),
});
