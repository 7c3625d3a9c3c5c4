import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flagOfGate, gateOfFlag, gatesOf, readGates, truthOf, writeGates } from "../../src/spec/flags/gates.js";
import { everyFlag, flagsOf } from "../../src/spec/flags/lines.js";
import { conceptOf, keyOf } from "../../src/spec/flags/renamed.js";
import { settingsFor, type Settings, type VersionSettings } from "../../src/spec/flags/translate.js";
import { law } from "../laws/law.js";

const versions = ["3.4.23", "3.4.45", "3.5.0", "3.5.16", "3.5.30", "3.5.33", "3.6.5", "3.6.16", "3.7.1"] as const;

const flags = (version: string, asked: Settings, defaults?: Settings): Record<string, string> =>
  Object.fromEntries(settingsFor(version, asked, defaults).flags);

describe("each line's own spelling", () => {
  test.each([
    ["3.5.30", { "corrupt-check-time": "1h" }, { "experimental-corrupt-check-time": "1h" }],
    ["3.6.16", { "experimental-corrupt-check-time": "1h" }, { "corrupt-check-time": "1h" }],
    ["3.7.1", { "experimental-corrupt-check-time": "1h" }, { "corrupt-check-time": "1h" }],
    ["3.4.23", { "backend-bbolt-freelist-type": "map" }, { "experimental-backend-bbolt-freelist-type": "map" }],
    ["3.5.30", { "experimental-backend-bbolt-freelist-type": "map" }, { "backend-bbolt-freelist-type": "map" }],
    ["3.6.16", { "experimental-compact-hash-check-enabled": "true" }, { "feature-gates": "CompactHashCheck=true" }],
    [
      "3.5.30",
      { "feature-gates": "CompactHashCheck=true,TxnModeWriteWithSharedBuffer=false" },
      {
        "experimental-compact-hash-check-enabled": "true",
        "experimental-txn-mode-write-with-shared-buffer": "false",
      },
    ],
    ["3.5.30", { debug: "true" }, { "log-level": "debug" }],
    ["3.5.30", { "log-output": "stderr" }, { "log-outputs": "stderr" }],
    ["3.5.30", { logger: "capnslog" }, { logger: "zap" }],
    ["3.4.23", { logger: "capnslog", debug: "true" }, { logger: "capnslog", debug: "true" }],
    ["3.6.16", { "enable-v2": "false", proxy: "off", "v2-deprecation": "not-yet" }, {}],
    ["3.5.30", { "max-learners": "1", "log-format": "json", "snapshot-count": "10000" }, { "snapshot-count": "10000" }],
    ["3.5.30", { "feature-gates": "AllAlpha=false" }, {}],
  ])("%s is told of %j as %j", (version, asked, expected) => {
    expect(settingsFor(version, asked as Settings).problems).toEqual([]);
    expect(flags(version, asked as Settings)).toEqual(expected);
  });

  test.each([
    ["3.6.16", { "enable-v2": "true" }, "move the clients to the v3 API"],
    ["3.6.16", { "experimental-enable-v2v3": "/v2" }, "move the clients to the v3 API"],
    ["3.6.16", { proxy: "readonly" }, "run `etcd grpc-proxy`"],
    ["3.5.30", { "log-package-levels": "etcdserver=DEBUG" }, "write `log-level`"],
    ["3.5.30", { "max-learners": "2" }, "one learner at a time"],
    ["3.5.13", { "snapshot-catchup-entries": "100" }, "use 3.5.14 or later"],
    ["3.5.31", { "v2-deprecation": "write-only-skip-check" }, "take etcd 3.5.32 or later"],
    ["3.4.23", { "feature-gates": "CompactHashCheck=true" }, "use 3.5, 3.6"],
    ["3.6.16", { "feature-gates": "PriorityRequest=true" }, "remove PriorityRequest"],
    ["3.6.16", { "snapshot-cuont": "5" }, "did you mean `snapshot-count`?"],
  ])("%s cannot be told of %j, and the way out is named", (version, asked, next) => {
    const told = settingsFor(version, asked as Settings);
    expect(told.flags).toEqual([]);
    expect(told.problems.map((problem) => problem.name)).toEqual(Object.keys(asked));
    expect(told.problems[0]?.next).toContain(next);
  });
});

describe("feature gates", () => {
  test("of the user and of quorate are merged, gate by gate", () => {
    const defaults = { "feature-gates": "CompactHashCheck=true,InitialCorruptCheck=true" };
    const asked = { "feature-gates": "CompactHashCheck=false,LeaseCheckpoint=true" };
    const merged = "CompactHashCheck=false,InitialCorruptCheck=true,LeaseCheckpoint=true";
    expect(flags("3.6.16", asked, defaults)).toEqual({ "feature-gates": merged });
    expect(flags("3.6.16", { "experimental-initial-corrupt-check": "false" }, defaults)).toEqual({
      "feature-gates": "CompactHashCheck=true,InitialCorruptCheck=false",
    });
  });

  test("survive being written and read", () => {
    law(fc.dictionary(fc.constantFrom(...gatesOf("3.7.1")), fc.constantFrom("true", "false")), (set) => {
      expect(Object.fromEntries(readGates(writeGates(set)).set)).toEqual({ ...set });
    });
  });

  test("are read as Go reads them", () => {
    expect(readGates(" A=1, B=F,,A=false ")).toEqual({
      set: [
        ["A", "false"],
        ["B", "false"],
      ],
      unreadable: [],
    });
    expect(readGates("A,B=yes,=true,C=true=false").unreadable).toEqual(["A", "B=yes", "=true", "C=true=false"]);
  });

  test("and their flags know each other", () => {
    for (const gate of gatesOf("3.7.1")) {
      const flag = flagOfGate(gate);
      if (flag !== undefined)
        expect([gateOfFlag(flag), flagsOf("3.6.16")]).toEqual([gate, expect.arrayContaining([flag])]);
    }
  });
});

/** Values that some etcd takes, and some of which mean something special to the translation. */
const values = fc.constantFrom("true", "false", "1", "10", "1m", "5s", "debug", "not-yet", "capnslog", "zap", "x");
const gateLists = fc
  .dictionary(fc.constantFrom(...gatesOf("3.7.1"), "NoSuchGate"), fc.constantFrom("true", "false"), { maxKeys: 4 })
  .map(writeGates);
const askedArbitrary: fc.Arbitrary<Settings> = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...everyFlag.filter((name) => name !== "feature-gates"), "no-such-flag"), values, {
      maxKeys: 8,
    }),
    fc.option(gateLists, { nil: undefined }),
  )
  .map(([asked, gates]) => ({ ...asked, ...(gates === undefined || gates === "" ? {} : { "feature-gates": gates }) }));
const version = fc.constantFrom(...versions);

/** What a line of the file came to. */
function fateOf({ flags: given, translated, problems }: VersionSettings, name: string): string[] {
  return [
    ...(given.some(([flag]) => flag === name) ? ["given"] : []),
    ...translated.filter((one) => one.name === name).map(({ to }) => (to === undefined ? "left out" : "translated")),
    ...problems.filter((one) => one.name === name).map(() => "refused"),
  ];
}

/** What a line is about, and what it says of it. */
const statements = (name: string, value = ""): string[] =>
  name === "feature-gates"
    ? readGates(value).set.map(([gate, truth]) => `${keyOf({ gate })}=${truth}`)
    : [`${keyOf(conceptOf(name))}=${gateOfFlag(name) === undefined ? value : truthOf(value)}`];

/** One-way streets: what 3.4 alone has goes up under another name and stays there. */
const oneWay = ["debug", "log-output", "logger"];

describe("laws of translation", () => {
  test("every flag that comes out exists in that version, and stands once", () => {
    law(fc.tuple(version, askedArbitrary), ([to, asked]) => {
      const names = settingsFor(to, asked).flags.map(([name]) => name);
      expect(names.filter((name) => !flagsOf(to).includes(name))).toEqual([]);
      expect(names).toEqual([...new Set(names)].sort());
      const gates = readGates(flags(to, asked)["feature-gates"] ?? "").set.map(([gate]) => gate);
      expect(gates.filter((gate) => !gatesOf(to).includes(gate))).toEqual([]);
    });
  });

  test("no line of the file is lost without a word", () => {
    law(fc.tuple(version, askedArbitrary), ([to, asked]) => {
      const told = settingsFor(to, asked);
      const fateless = Object.keys(asked).filter((name) => fateOf(told, name).length === 0);
      const spelledTwice = (name: string): boolean => {
        const others = Object.entries(asked).flatMap(([other, value]) =>
          other === name ? [] : statements(other, value),
        );
        return statements(name, asked[name]).every((one) => others.includes(one));
      };
      expect(fateless.filter((name) => !spelledTwice(name))).toEqual([]);
    });
  });

  test("what was translated needs no translation", () => {
    law(fc.tuple(version, askedArbitrary), ([to, asked]) => {
      const once = settingsFor(to, asked);
      expect(settingsFor(to, Object.fromEntries(once.flags))).toEqual({
        flags: once.flags,
        translated: [],
        problems: [],
      });
    });
  });

  test("going up by way of another version comes to the same as going there at once", () => {
    law(fc.tuple(version, version, askedArbitrary), ([one, other, asked]) => {
      const [by, to] = versions.indexOf(one) <= versions.indexOf(other) ? [one, other] : [other, one];
      const way = settingsFor(by, asked);
      fc.pre(way.problems.length === 0 && way.translated.every((each) => each.to !== undefined));
      const direct = settingsFor(to, asked);
      fc.pre(direct.problems.length === 0);
      expect(settingsFor(to, Object.fromEntries(way.flags)).flags).toEqual(direct.flags);
    });
  });

  test("there and back again is where it began", () => {
    law(fc.tuple(version, version, askedArbitrary), ([here, there, asked]) => {
      const begun = settingsFor(here, asked);
      const gone = settingsFor(there, Object.fromEntries(begun.flags));
      fc.pre(begun.flags.every(([name]) => !oneWay.includes(name)));
      fc.pre(gone.problems.length === 0 && gone.translated.every(({ to }) => to !== undefined));
      expect(settingsFor(here, Object.fromEntries(gone.flags)).flags).toEqual(begun.flags);
    });
  });
});
