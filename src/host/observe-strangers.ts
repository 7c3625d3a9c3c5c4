/**
 * Processes of a program that somebody else runs here, and the units that hold them: what a cluster that was built by
 * hand is read from. Only the program's own variables (ETCD_…) leave the host, and of PEM files only certificates.
 */
import { QuorateError } from "../errors.js";
import type { HostQuestion, ProcessFact, UnitFact } from "./host.js";
import { quotePath, quoteUnit } from "./quote.js";
import { Sections, type Section } from "./observe-sections.js";

const unitProperties =
  "Id,LoadState,ActiveState,UnitFileState,FragmentPath,DropInPaths,User,Group,LimitNOFILE,MemoryMax,Type,Restart";

/** @throws QuorateError E_HOST_VALUE for what is no program's name */
export function strangersScript({ program, certificates = [], service }: HostQuestion): string[] {
  const pem = certificates.map(
    (path, index) =>
      `[ -f ${quotePath(path)} ] && { s certificates ${index}; sed -n ${pemBlocks} -- ${quotePath(path)}; }`,
  );
  if (program === undefined) return pem;
  if (!/^[a-z][a-z0-9]{0,14}$/.test(program))
    throw new QuorateError("E_HOST_VALUE", "not the name of a program", { found: JSON.stringify(program) });
  const variables = `${program.toUpperCase()}_`;
  return [
    ...pem,
    `j() { if [ -d /run/systemd/system ]; then s held "$1"; systemctl show --property=${unitProperties} -- "$1" 2>/dev/null; fi; }`,
    "k=",
    `for f in /proc/[0-9]*; do c=; { read -r c <"$f/comm"; } 2>/dev/null; [ "$c" = ${program} ] || continue; i=\${f#/proc/}`,
    // A thread's or a zombie's command line is empty.
    '  [ -n "$(head -c 1 "$f/cmdline" 2>/dev/null | tr "\\000" x)" ] || continue',
    '  g=; { read -r g <"$f/cgroup"; } 2>/dev/null; { while read -r l; do case $l in *name=systemd:*|0::*) g=$l;; esac; done <"$f/cgroup"; } 2>/dev/null',
    '  s stranger "$i" "$(stat -c %U -- "$f" 2>/dev/null)" "$(readlink -- "$f/exe" 2>/dev/null)"; echo "${g##*:}"',
    '  s arguments "$i"; head -c 65536 "$f/cmdline" 2>/dev/null',
    `  s variables "$i"; { tr "\\n\\000" " \\n" <"$f/environ" | while read -r l; do case $l in ${variables}*) echo "$l";; esac; done; } 2>/dev/null`,
    '  case $g in *.service) h=${g##*/}; case "$k " in *" $h "*) ;; *) k="$k $h"; j "$h";; esac;; esac',
    "done",
    ...(service.kind === "systemd"
      ? [`h=${quoteUnit(service.unit)}; case "$k " in *" $h "*) ;; *) j "$h";; esac`]
      : []),
  ];
}

/** From the first line of a certificate to its last; a key in the same file stays where it is. */
const pemBlocks = "'/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/,/-----END [A-Z0-9 ]*CERTIFICATE-----/p'";

export function strangersOf(sections: Sections): ProcessFact[] {
  return sections.all("stranger").flatMap(({ words: [pid = "", user = "", ...path], body }) => {
    const arguments_ = bodyOf(sections.all("arguments"), pid);
    if (!/^[1-9]\d{0,9}$/.test(pid) || arguments_ === undefined) return [];
    const controlGroup = body.toString("utf8").split("\n")[0] ?? "";
    const argv = arguments_.toString("utf8").replace(/\n$/, "").split("\0");
    if (argv.at(-1) === "") argv.pop();
    const variables = bodyOf(sections.all("variables"), pid)?.toString("utf8") ?? "";
    return [
      {
        pid: Number(pid),
        user,
        executable: path.join(" "),
        arguments: argv,
        environment: Object.fromEntries(
          variables.split("\n").flatMap((line) => {
            const at = line.indexOf("=");
            return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
          }),
        ),
        controlGroup,
        unit: /([^/]+)\.service$/.exec(controlGroup)?.[1],
      },
    ];
  });
}

/** Units by name, without .service. */
export function unitsOf(sections: Sections): Record<string, UnitFact> {
  return Object.fromEntries(
    sections.all("held").flatMap(({ body }) => {
      const lines = body.toString("utf8").split("\n");
      const value = (key: string): string =>
        lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? "";
      const name = value("Id").replace(/\.service$/, "");
      const loaded = value("LoadState");
      if (name === "" || loaded === "" || loaded === "not-found") return [];
      return [[name, unitFact(value)]];
    }),
  );
}

function unitFact(value: (key: string) => string): UnitFact {
  const amount = (key: string): number | undefined => (/^\d{1,15}$/.test(value(key)) ? Number(value(key)) : undefined);
  return {
    path: value("FragmentPath"),
    dropIns: value("DropInPaths")
      .split(" ")
      .filter((path) => path.startsWith("/")),
    active: value("ActiveState"),
    enabled: /^(enabled|enabled-runtime|static|generated|indirect|alias)$/.test(value("UnitFileState")),
    user: value("User") === "" ? "root" : value("User"),
    group: value("Group"),
    openFiles: amount("LimitNOFILE"),
    memoryMax: amount("MemoryMax"),
    type: value("Type"),
    restart: value("Restart"),
  };
}

const bodyOf = (all: readonly Section[], pid: string): Buffer | undefined =>
  all.find(({ words }) => words[0] === pid)?.body;
