import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseMadison, parseUris } from "../../src/release/apt/apt.js";
import { upstreamVersion } from "../../src/release/apt/debian-version.js";
import { aptMachine, parseOsRelease } from "../../src/release/apt/machine.js";
import { privateSources } from "../../src/release/apt/private-apt.js";
import {
  parseAptConfig,
  parseDeb822Sources,
  parseSourcesList,
  readAptSources,
} from "../../src/release/apt/settings.js";
import { freshFolder, putProgram } from "./support/folders.js";

const deb822 = `# the archive
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb
URIs: http://mirror.example/security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEY865UxYJKwYBBAHaRw8BAQdA
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
Enabled: no
URIs: http://mirror.example/off
Suites: bookworm
Components: main

Types: deb-src
URIs: http://mirror.example/source
Suites: bookworm
Components: main
`;

describe("apt's settings", () => {
  test("are read from apt-config, the last value counting", () => {
    const settings = parseAptConfig(
      'Dir "/";\nDir::Etc "etc/apt";\nDir::Etc "etc/other";\nAPT::List:: "x";\nEmpty "";\n',
    );
    expect(settings.get("Dir::Etc")).toBe("etc/other");
    expect(settings.get("Empty")).toBe("");
  });

  test("name archives in the deb822 form, with whole keys, and without what is switched off", () => {
    const sources = parseDeb822Sources(deb822);
    expect(sources.map(({ uris }) => uris)).toEqual([
      ["http://mirror.example/debian"],
      ["http://mirror.example/security"],
    ]);
    expect(sources[0]).toMatchObject({ suites: ["bookworm", "bookworm-updates"], components: ["main", "contrib"] });
    expect(sources[0]?.fields).toEqual({ "Signed-By": "/usr/share/keyrings/archive.gpg" });
    expect(sources[1]?.fields["Signed-By"]?.split("\n")).toHaveLength(5);
  });

  test("name archives in the one-line form, with options and remarks", () => {
    const text = `# deb http://no.example/ bookworm main
deb [arch=amd64 signed-by=/keys/a.gpg] http://mirror.example/debian bookworm main non-free # ours
deb-src http://mirror.example/debian bookworm main
deb http://flat.example/repo ./
deb\thttps://tabs.example/debian  sid  main
`;
    expect(parseSourcesList(text)).toEqual([
      {
        uris: ["http://mirror.example/debian"],
        suites: ["bookworm"],
        components: ["main", "non-free"],
        fields: { Arch: "amd64", "Signed-By": "/keys/a.gpg" },
      },
      { uris: ["http://flat.example/repo"], suites: ["./"], components: [], fields: {} },
      { uris: ["https://tabs.example/debian"], suites: ["sid"], components: ["main"], fields: {} },
    ]);
  });

  test("are followed to the folder that they name", async () => {
    const root = await freshFolder();
    await mkdir(join(root, "conf", "parts"), { recursive: true });
    await writeFile(join(root, "conf", "list.list"), "deb http://one.example/ bookworm main\n");
    await writeFile(join(root, "conf", "parts", "b.sources"), deb822);
    await writeFile(join(root, "conf", "parts", "c.list.save"), "deb http://saved.example/ bookworm main\n");
    const settings = parseAptConfig(
      `Dir "${root}";\nDir::Etc "conf";\nDir::Etc::sourcelist "list.list";\nDir::Etc::sourceparts "parts";\n`,
    );
    const uris = (await readAptSources(settings)).flatMap((source) => source.uris);
    expect(uris).toEqual(["http://one.example/", "http://mirror.example/debian", "http://mirror.example/security"]);
  });
});

describe("the private apt", () => {
  test("takes archive and keys from the machine's own entry and adds suites", () => {
    expect(privateSources(parseDeb822Sources(deb822), "bookworm", ["sid", "bookworm"])).toBe(`Types: deb
URIs: http://mirror.example/debian
Suites: bookworm sid
Components: main
Targets: Packages
PDiffs: no
Signed-By: /usr/share/keyrings/archive.gpg
`);
  });

  test("does not take over what only fits this machine, nor disks", () => {
    const [source] = parseSourcesList("deb [arch=amd64 trusted=yes] http://mirror.example/debian bookworm main\n");
    const sources = source === undefined ? [] : [{ ...source, uris: ["cdrom:[Debian]/", ...source.uris] }];
    const text = privateSources(sources, "bookworm", []);
    expect(text).toContain("URIs: http://mirror.example/debian\n");
    expect(text).toContain("Trusted: yes");
    expect(text).not.toContain("Arch");
  });

  test("follows archives by rolling names, and knows when there is none", () => {
    const [rolling] = parseSourcesList("deb http://mirror.example/debian unstable main\n");
    expect(privateSources(rolling === undefined ? [] : [rolling], "trixie", ["sid"])).toContain("Suites: unstable sid");
    expect(
      privateSources(parseSourcesList("deb http://tool.example/apt stable-tool extra\n"), "bookworm", ["sid"]),
    ).toBeUndefined();
  });
});

describe("what apt prints", () => {
  test("pairs server packages with the client packages of the same etcd", () => {
    const text = `etcd-server |   3.5.30-2 | http://m.example/debian sid/main amd64 Packages
etcd-server | 3.4.23-4+b4 | http://m.example/debian bookworm/main amd64 Packages
etcd-server | 3.6.0~rc1-1 | http://m.example/debian experimental/main amd64 Packages
etcd-client |   3.5.30-2 | http://m.example/debian sid/main amd64 Packages
etcd-client | 3.4.23-4+b5 | http://m.example/debian bookworm/main amd64 Packages
`;
    expect(parseMadison(text)).toEqual([
      { version: "3.5.30", server: "3.5.30-2", client: "3.5.30-2" },
      { version: "3.4.23", server: "3.4.23-4+b4", client: "3.4.23-4+b5" },
    ]);
    expect(parseMadison("N: Unable to locate package etcd-server\n")).toEqual([]);
  });

  test("names files with size and digest", () => {
    const digest = "a".repeat(64);
    expect(
      parseUris(`'http://m.example/server_3.4.23-4%2bb4.deb' server_3.4.23-4+b4.deb 84 SHA256:${digest}\n`),
    ).toEqual([
      {
        url: "http://m.example/server_3.4.23-4%2bb4.deb",
        name: "server_3.4.23-4+b4.deb",
        size: 84,
        sha256: digest,
      },
    ]);
    expect(parseUris("'http://m.example/x.deb' x.deb 1 SHA512:abc\n")[0]?.sha256).toBeUndefined();
  });
});

test.each([
  ["3.5.30-2", "3.5.30"],
  ["3.4.23-4+b4", "3.4.23"],
  ["3.3.25+dfsg-6+b6", "3.3.25"],
  ["3.4.30-1ubuntu0.24.04.2", "3.4.30"],
  ["1:3.5.16-4", "3.5.16"],
  ["3.6.0~rc1-1", undefined],
  ["3.5", undefined],
])("the etcd in package version %s is %s", (packageVersion, version) => {
  expect(upstreamVersion(packageVersion)).toBe(version);
});

test("os-release is read with and without quotes", () => {
  const words = parseOsRelease('ID=debian\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n');
  expect([words.get("ID"), words.get("VERSION_CODENAME"), words.get("PRETTY_NAME")]).toEqual([
    "debian",
    "bookworm",
    "Debian GNU/Linux 12 (bookworm)",
  ]);
});

describe("what apt connects to", () => {
  async function dials(
    settings: string,
    source: string,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<readonly string[]> {
    const folder = await freshFolder();
    await mkdir(join(folder, "parts"));
    await writeFile(join(folder, "parts", "a.list"), source);
    await putProgram(
      folder,
      "apt-config",
      `cat <<'END'\nDir "${folder}";\nDir::Etc ".";\nDir::Etc::sourceparts "parts";\n${settings}END`,
    );
    return (await aptMachine({ ...environment, PATH: `${folder}:/usr/bin:/bin` })).dials;
  }

  test("is its archives, or its proxy where there is one", async () => {
    const archives = "deb http://a.example/debian bookworm main\ndeb https://b.example/debian bookworm main\n";
    const own = ["http://a.example/debian", "https://b.example/debian"];
    expect(await dials("", archives)).toEqual(own);
    expect(await dials('Acquire::http::Proxy "http://proxy.example:3142";\n', archives)).toEqual([
      "http://proxy.example:3142",
    ]);
    expect(await dials('Acquire::http::Proxy::a.example "DIRECT";\n', archives)).toEqual(own);
    expect(await dials("", archives, { http_proxy: "http://env.example:3128" })).toEqual(["http://env.example:3128"]);
  });

  test("cannot be told where a program or another transport decides", async () => {
    expect(
      await dials('Acquire::http::Proxy-Auto-Detect "/usr/bin/ask";\n', "deb http://a.example/debian sid main\n"),
    ).toEqual([]);
    expect(await dials("", "deb mirror+file:/etc/apt/mirrors.list bookworm main\n")).toEqual([]);
  });
});
