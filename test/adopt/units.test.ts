import { describe, expect, test } from "vitest";
import { environmentFileOf } from "../../src/adopt/environment-file.js";
import { environmentFilesOf, serviceSection, startedBy } from "../../src/adopt/unit-file.js";
import { expanded, splitWords } from "../../src/adopt/unit-words.js";

const unit = (text: string, ...dropIns: string[]) =>
  [text, ...dropIns].map((each, index) => ({ path: `/etc/systemd/system/etcd.service.d/${index}.conf`, text: each }));
const nothing = (): undefined => undefined;

describe("words of a unit's line", () => {
  test.each([
    ["a b", ["a", "b"]],
    [`--name="a b" 'c d'`, ["--name=a b", "c d"]],
    [String.raw`a\x20b \"q\"`, [String.raw`a\x20b`, '"q"']],
    [`""`, [""]],
    [`"not closed`, ["not closed"]],
    ["  ", []],
  ])("%j", (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  test("variables in braces are replaced in place, and one that stands alone becomes words", () => {
    const missing: string[] = [];
    const variables = { A: "x y", B: "1" };
    const fill = (word: string): string[] => expanded(word, variables, (name) => missing.push(name));
    expect(fill("--n=${A}")).toEqual(["--n=x y"]);
    expect(fill("$A")).toEqual(["x", "y"]);
    expect(fill("--n=$A")).toEqual(["--n=$A"]);
    expect(fill("--n=$${A}")).toEqual(["--n=${A}"]);
    expect(fill("${C}-${B}")).toEqual(["-1"]);
    expect(fill("$C")).toEqual([]);
    expect(missing).toEqual(["C", "C"]);
  });
});

describe("a unit with its drop-ins", () => {
  const base = `# by hand
[Unit]
Description=x
ExecStart=/not/here
[Service]
Environment=A=1 "B=two words"
EnvironmentFile=-/etc/default/%p
ExecStart=/usr/bin/etcd \\
  --name=\${NAME} \\
  # why this is here
  --data-dir=/var/lib/etcd
[Install]
WantedBy=multi-user.target
`;

  test("starts what its lines say, over several lines and with comments between", () => {
    const section = serviceSection(unit(base), { p: "etcd" });
    expect(environmentFilesOf(section)).toEqual(["/etc/default/etcd"]);
    const started = startedBy(section, (path) => (path === "/etc/default/etcd" ? "NAME=a\nA=2\n" : undefined));
    expect(started.arguments).toEqual(["/usr/bin/etcd", "--name=a", "--data-dir=/var/lib/etcd"]);
    expect(started.environment).toEqual({ A: "2", B: "two words", NAME: "a" });
    expect(started.unset).toEqual([]);
  });

  test("a variable that nobody sets is told", () => {
    expect(startedBy(serviceSection(unit(base)), nothing)).toMatchObject({
      arguments: ["/usr/bin/etcd", "--name=", "--data-dir=/var/lib/etcd"],
      unset: ["NAME"],
    });
  });

  test("an empty assignment in a drop-in empties the list", () => {
    const dropIn = "[Service]\nExecStart=\nExecStart=-/opt/etcd --name=b\nEnvironment=\nEnvironment=C=3\n";
    const started = startedBy(serviceSection(unit(base, dropIn)), nothing);
    expect(started.arguments).toEqual(["/opt/etcd", "--name=b"]);
    expect(started.environment).toEqual({ C: "3" });
  });

  test("a specifier that is not known stays, and %% is a percent sign", () => {
    const section = serviceSection(unit("[Service]\nExecStart=/etcd --name=%H --x=100%%\n"), {});
    expect(startedBy(section, nothing).arguments).toEqual(["/etcd", "--name=%H", "--x=100%"]);
  });

  test("no bytes make it throw", () => {
    for (const text of ["", "[Service", "ExecStart=x", "[Service]\nExecStart=\\", "\\\n\\\n", "[Service]\n=\n\0"]) {
      expect(startedBy(serviceSection(unit(text)), nothing).arguments).toEqual([]);
    }
  });
});

describe("an environment file", () => {
  test("is read as systemd reads it", () => {
    const text = `# comment
; another
ETCD_NAME=etcd1
ETCD_DATA_DIR="/var/lib/etcd"
ETCD_LIST='a,b'
  INDENTED = yes
ESCAPED=a\\ b
LONG=one,\\
two
QUOTED="say \\"hi\\""
no assignment
1X=no
`;
    expect(environmentFileOf(text)).toEqual({
      ETCD_NAME: "etcd1",
      ETCD_DATA_DIR: "/var/lib/etcd",
      ETCD_LIST: "a,b",
      INDENTED: "yes",
      ESCAPED: "a b",
      LONG: "one,two",
      QUOTED: 'say "hi"',
    });
  });
});
