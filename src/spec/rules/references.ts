/** Files of the operator's machine that the cluster file names. */
import { quoted, type Problem, type YamlPath } from "../problem.js";
import { isShared } from "../resolve/tls.js";
import type { Candidate } from "../resolve/resolve.js";
import { operatorPath } from "../surroundings.js";

interface Reference {
  readonly written: string | undefined;
  readonly path: YamlPath;
  readonly folderToo?: boolean;
}

export function references({ file, entries, surroundings }: Candidate): Problem[] {
  const named: Reference[] = [
    { written: file.ssh?.identity, path: ["ssh", "identity"] },
    ...entries.map((entry) => ({ written: entry.ssh?.identity, path: [...entry.at, "ssh", "identity"] })),
    ...tlsReferences(file.tls),
    { written: file.release?.from, path: ["release", "from"], folderToo: true },
  ];
  return named.flatMap((reference) => judge(reference, surroundings));
}

function tlsReferences(tls: Candidate["file"]["tls"]): Reference[] {
  if (tls === undefined || tls === "off") return [];
  const pair = (written: { cert: string; key?: string | undefined } | undefined, path: YamlPath): Reference[] => [
    { written: written?.cert, path: [...path, "cert"] },
    { written: written?.key, path: [...path, "key"] },
  ];
  const { ca, certificates = {}, client } = tls;
  const leaves = isShared(certificates)
    ? pair(certificates, ["tls", "certificates"])
    : Object.entries(certificates).flatMap(([name, each]) => pair(each, ["tls", "certificates", name]));
  return [...pair(ca, ["tls", "ca"]), ...leaves, ...pair(client, ["tls", "client"])];
}

function judge({ written, path, folderToo = false }: Reference, surroundings: Candidate["surroundings"]): Problem[] {
  if (written === undefined) return [];
  const absolute = operatorPath(surroundings, written);
  const state = surroundings.inspect(absolute);
  const base = {
    code: "E_SPEC_REFERENCE",
    path,
    found: quoted(written),
    expected: folderToo ? "a folder or an archive that can be read" : "a file that can be read",
  } as const;
  const relative = written === absolute ? "" : " (relative paths start in the cluster file's folder)";
  if (state.kind === "missing")
    return [{ ...base, message: `there is no ${absolute}${relative}`, next: "correct the path" }];
  if (state.kind === "unreadable")
    return [
      {
        ...base,
        message: `${absolute} cannot be read (${state.why})`,
        next: `let the user ${surroundings.user} read it`,
      },
    ];
  if (state.kind === "folder" && !folderToo)
    return [{ ...base, message: `${absolute} is a folder`, next: "name the file in it" }];
  if (state.worldWritable)
    return [
      {
        ...base,
        message: `everybody may change ${absolute}`,
        next: `run \`chmod o-w ${absolute}\` once you have made sure that nobody has`,
      },
    ];
  return [];
}
