import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hopsBetween, movesIn, targetOf, type Hops, type HopRefusal } from "../../src/release/hops.js";
import { law } from "../laws/law.js";

const offered = ["3.4.23", "3.4.45", "3.5.16", "3.5.30", "3.5.33", "3.6.4", "3.6.10", "3.6.16", "3.7.0", "3.7.1"];
const debian = ["3.4.23", "3.5.16", "3.5.30"];

function way(from: string | string[], to: string, from_: readonly string[] = offered, accept: string[] = []): string {
  const answer = hopsBetween(from, to, from_, { accept });
  return answer.kind === "refused"
    ? `refused: ${answer.hazard.id}`
    : answer.legs.map((leg) => `${leg.kind} ${leg.from}→${leg.to}`).join(", ");
}

describe("the way to a version", () => {
  it.each([
    ["3.5.33", "3.5.33", ""],
    ["3.5.16", "3.5.30", "patch 3.5.16→3.5.30"],
    ["3.5.30", "3.5.16", "patch 3.5.30→3.5.16"],
    ["3.4.23", "3.5.30", "upgrade 3.4.23→3.5.30"],
    ["3.5.16", "3.6.16", "patch 3.5.16→3.5.33, upgrade 3.5.33→3.6.16"],
    ["3.5.32", "3.6.16", "upgrade 3.5.32→3.6.16"],
    ["3.4.23", "3.7.1", "upgrade 3.4.23→3.5.33, upgrade 3.5.33→3.6.16, upgrade 3.6.16→3.7.1"],
    ["3.6.10", "3.7.1", "patch 3.6.10→3.6.16, upgrade 3.6.16→3.7.1"],
    ["3.7.1", "3.5.33", "downgrade 3.7.1→3.6.16, downgrade 3.6.16→3.5.33"],
    ["3.6.16", "3.5.16", "downgrade 3.6.16→3.5.16"],
    ["3.6.4", "3.6.16", "patch 3.6.4→3.6.16"],
    ["3.5.33", "3.6.4", "refused: first-3.6"],
    ["3.5.33", "3.5.1", "refused: data-inconsistency-3.5"],
    ["3.5.33", "3.4.45", "refused: downgrade-to-3.4"],
    ["3.7.1", "3.4.45", "refused: downgrade-to-3.4"],
  ])("%s → %s: %s", (from, to, expected) => {
    expect(way(from, to)).toBe(expected);
  });

  it("is refused at a gate that nothing on offer passes, unless the operator accepts that", () => {
    expect(way("3.5.16", "3.6.16", debian)).toBe("refused: gate-3.6");
    expect(way("3.4.23", "3.6.16", debian)).toBe("refused: gate-3.6");
    expect(way("3.5.16", "3.6.16", debian, ["gate-3.6"])).toBe("patch 3.5.16→3.5.30, upgrade 3.5.30→3.6.16");
    expect(way("3.5.30", "3.6.16", debian, ["gate-3.6"])).toBe("upgrade 3.5.30→3.6.16");
    const refusal = hopsBetween("3.4.23", "3.6.16", debian) as HopRefusal;
    expect(refusal.message).toContain("from 3.5.30 there is no way to 3.6: below 3.5.32");
    expect(refusal.message).toContain("no newer 3.5 can be had");
    expect(refusal.next).toContain("name gate-3.6 under `etcd.accept`");
    expect(refusal.legs.map(({ to }) => to)).toEqual(["3.5.30"]);
    expect((hopsBetween("3.5.16", "3.6.16", debian) as HopRefusal).message).toContain(
      "the newest 3.5 that can be had is 3.5.30",
    );
  });

  it("is refused when a line between cannot be had", () => {
    expect(way("3.4.23", "3.6.16", ["3.4.45", "3.6.16"])).toBe("refused: one-minor-at-a-time");
    expect((hopsBetween("3.7.1", "3.5.33", ["3.6.3"]) as HopRefusal).message).toBe(
      "the way from 3.7.1 to 3.5.33 leads through 3.6, and no 3.6 that may be used can be had",
    );
  });

  it("carries what was accepted, and what has to be looked at before each leg", () => {
    const hops = hopsBetween("3.5.30", "3.6.16", [], { accept: ["gate-3.6"] }) as Hops;
    const [leg] = hops.legs;
    expect(leg?.hazards.filter(({ severity }) => severity === "refuse").map(({ id }) => id)).toEqual(["gate-3.6"]);
    expect(leg?.hazards.filter(({ severity }) => severity === "check").map(({ id }) => id)).toEqual([
      ...["v2-content", "v2-switched-on", "zombie-members", "removed-flags", "crl-form-3.6"],
      ...["healthy-first", "snapshot-first", "leader-last"],
    ]);
  });
});

describe("a mixed cluster", () => {
  it.each([
    [["3.5.33", "3.6.16"], "3.6.16", "upgrade 3.5.33→3.6.16"],
    [["3.5.33", "3.6.16"], "3.5.33", "roll-back 3.6.16→3.5.33"],
    [["3.5.30", "3.6.16"], "3.6.16", "patch 3.5.30→3.5.33, upgrade 3.5.33→3.6.16"],
    [["3.5.33", "3.6.10"], "3.7.1", "upgrade 3.5.33→3.6.16, upgrade 3.6.16→3.7.1"],
    [["3.6.16", "3.7.1"], "3.5.33", "roll-back 3.7.1→3.6.16, downgrade 3.6.16→3.5.33"],
    [["3.5.16", "3.5.30"], "3.5.16", "patch 3.5.30→3.5.16"],
    [["3.5.16", "3.5.30"], "3.5.30", "patch 3.5.16→3.5.30"],
    [["3.4.45", "3.6.16"], "3.6.16", "refused: too-mixed"],
    [["3.4.45", "3.5.33"], "3.4.45", "roll-back 3.5.33→3.4.45"],
  ])("%j → %s: %s", (from, to, expected) => {
    expect(way(from, to)).toBe(expected);
  });

  it("moves in each leg only those that belong there", () => {
    expect(movesIn({ kind: "patch", to: "3.5.33" }, "3.5.30")).toBe(true);
    expect(movesIn({ kind: "patch", to: "3.5.33" }, "3.6.16")).toBe(false);
    expect(movesIn({ kind: "upgrade", to: "3.6.16" }, "3.5.33")).toBe(true);
    expect(movesIn({ kind: "upgrade", to: "3.6.16" }, "3.6.16")).toBe(false);
    expect(movesIn({ kind: "roll-back", to: "3.5.33" }, "3.6.16")).toBe(true);
    expect(movesIn({ kind: "downgrade", to: "3.5.33" }, "3.4.45")).toBe(false);
  });
});

describe("the way back", () => {
  it.each([
    ["3.5.30", "3.5.33", "at any time: every patch of 3.5 reads what another one wrote"],
    [
      "3.5.33",
      "3.6.16",
      "until the last member runs 3.6: a member that is put back to 3.5.33 joins again. After that, etcd's downgrade protocol leads back to 3.5",
    ],
    [
      "3.4.45",
      "3.5.33",
      "until the last member runs 3.5: a member that is put back to 3.4.45 joins again. After that, only the snapshot that was taken before leads back, into a new cluster",
    ],
    [
      "3.6.16",
      "3.5.30",
      "until the last member runs 3.5: the downgrade can be cancelled and members put back to 3.6.16. After that it is an upgrade again, by way of 3.5.32 or later",
    ],
  ])("from %s → %s", (from, to, window) => {
    const answer = hopsBetween(from, to, offered);
    expect(answer.kind === "hops" && answer.legs[0]?.window).toBe(window);
  });
});

it("a line stands for its newest patch that may be used", () => {
  expect(targetOf("3.6", offered)).toBe("3.6.16");
  expect(targetOf("3.6", ["3.6.3", "3.6.4"])).toBeUndefined();
  expect(targetOf("3.6.10", [])).toBe("3.6.10");
});

/** The rules once more, in their plainest form, to be compared with. */
const numbers = (version: string): [number, number] => {
  const [, minor = 0, patch = 0] = version.split(".").map(Number);
  return [minor, patch];
};
const unfit = (version: string): boolean => /^3\.5\.[0-2]$|^3\.6\.[0-4]$/.test(version);
function mayStep(from: string, to: string): boolean {
  const [[minor, patch], [nextMinor]] = [numbers(from), numbers(to)];
  if (unfit(to)) return false;
  if (nextMinor === minor + 1) return minor === 5 ? patch >= 32 : minor === 6 ? patch >= 11 : true;
  return nextMinor === minor || (nextMinor === minor - 1 && nextMinor >= 5);
}
function reachable(from: string, to: string, through: readonly string[]): boolean {
  const seen = new Set([from]);
  for (const at of seen) for (const next of [...through, to]) if (mayStep(at, next)) seen.add(next);
  return seen.has(to);
}

const version = fc
  .tuple(fc.constantFrom(4, 5, 6, 7), fc.oneof(fc.constantFrom(0, 2, 3, 4, 5, 10, 11, 31, 32), fc.nat(45)))
  .map(([minor, patch]) => `3.${minor}.${patch}`);
const versions = fc.array(version, { maxLength: 12 });

describe("laws of hops", () => {
  it("there is a way just when the plainest rules have one", () => {
    law(
      fc.tuple(version, version, versions),
      ([from, to, through]) => {
        const answer = hopsBetween(from, to, through);
        expect(answer.kind).toBe(from === to || reachable(from, to, through) ? "hops" : "refused");
      },
      5,
    );
  });

  it("every step of it keeps the plainest rules, ends where it should, and is on offer", () => {
    law(
      fc.tuple(version, version, versions),
      ([from, to, through]) => {
        const answer = hopsBetween(from, to, through);
        fc.pre(answer.kind === "hops" && from !== to);
        let now = from;
        for (const leg of answer.legs) {
          expect([leg.from, leg.to, mayStep(leg.from, leg.to)]).toEqual([now, leg.to, true]);
          expect([...through, to]).toContain(leg.to);
          expect(leg.hazards.filter(({ severity }) => severity === "refuse")).toEqual([]);
          now = leg.to;
        }
        expect(now).toBe(to);
        expect(answer.hops.length).toBeLessThanOrEqual(6);
      },
      5,
    );
  });

  it("a mixed cluster comes to the same end: after each leg its members are at most one minor apart", () => {
    law(
      fc.tuple(fc.array(version, { minLength: 1, maxLength: 5 }), version, versions),
      ([from, to, through]) => {
        const answer = hopsBetween(from, to, through);
        fc.pre(answer.kind === "hops");
        let members = from;
        for (const leg of answer.legs) {
          members = members.map((each) => (movesIn(leg, each) ? leg.to : each));
          const minors = members.map((each) => numbers(each)[0]);
          expect(Math.max(...minors) - Math.min(...minors)).toBeLessThanOrEqual(1);
        }
        expect(new Set(members)).toEqual(new Set([to]));
      },
      5,
    );
  });

  it("accepting a gate opens that gate and nothing else", () => {
    law(
      fc.tuple(version, version, versions),
      ([from, to, through]) => {
        const closed = hopsBetween(from, to, through);
        const open = hopsBetween(from, to, through, { accept: ["gate-3.6", "gate-3.7"] });
        if (closed.kind === "hops") expect(open).toEqual(closed);
        else if (open.kind === "hops") expect(closed.hazard.id).toMatch(/^gate-3\.[67]$/);
      },
      5,
    );
  });
});
