/** Where binaries come from. */
import { quoted, type Problem } from "../problem.js";
import type { Candidate } from "../resolve/resolve.js";
import { twins } from "./twins.js";

export function release({ spec, file }: Candidate): Problem[] {
  const { sources, from, mirror, suites } = file.release ?? {};
  const problems: Problem[] = [];
  const say = (path: Problem["path"], code: Problem["code"], message: string, found: string, next: string): void => {
    problems.push({ code, path: ["release", ...path], message, found: quoted(found), next });
  };
  if (sources?.length === 0) say(["sources"], "E_SPEC", "no source is left", "[]", "leave `sources` out, or name one");
  for (const [, second, name] of twins(sources ?? []))
    say(["sources", second], "E_SPEC_DUPLICATE", `the source ${name} stands twice`, name, "remove one");
  const given = spec.release.sources.includes("given");
  if (given && from === undefined)
    say(
      ["sources", sources?.indexOf("given") ?? 0],
      "E_SPEC_MISSING",
      "the source `given` needs `release.from`",
      "given",
      "add `from: …`",
    );
  if (!given && from !== undefined)
    say(["from"], "E_SPEC", "`from` is not used: `sources` does not list `given`", from, "add `given` to `sources`");
  if (mirror !== undefined && !/^https?:\/\/[^/\s]+/.test(mirror))
    say(
      ["mirror"],
      "E_SPEC_URL",
      `${quoted(mirror)} is not an http or https URL`,
      mirror,
      "write a base URL such as https://mirror.example/etcd",
    );
  suites?.forEach((suite, index) => {
    if (!/^[a-z][a-z0-9-]*$/.test(suite))
      say(
        ["suites", index],
        "E_SPEC_NAME",
        `${quoted(suite)} is not the name of a suite`,
        suite,
        "write a name such as trixie",
      );
  });
  return problems;
}
