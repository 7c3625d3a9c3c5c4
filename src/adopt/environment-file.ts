/** An EnvironmentFile= as systemd reads it: NAME=VALUE, quotes, comments, lines that go on after a backslash. */

export function environmentFileOf(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  const lines = text.replace(/\\\r?\n/g, "").split(/\r?\n/);
  for (const line of lines) {
    const assignment = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (assignment === null) continue;
    const [, name = "", value = ""] = assignment;
    variables[name] = unquoted(value);
  }
  return variables;
}

function unquoted(value: string): string {
  const single = /^'([^']*)'$/.exec(value);
  if (single !== null) return single[1] ?? "";
  const double = /^"((?:[^"\\]|\\.)*)"$/.exec(value);
  if (double !== null) return (double[1] ?? "").replace(/\\(["\\$`])/g, "$1");
  return value.replace(/\\(.)/g, "$1");
}
