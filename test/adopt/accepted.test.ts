/** What an adopted member means to the planner: nothing to do, until something else is asked for. */
import { beforeAll, describe, expect, test } from "vitest";
import { acceptance } from "../../src/adopt/accept.js";
import type { HostObservation } from "../../src/host/host.js";
import { acceptedIn, markText, readMark, type AdoptedMark } from "../../src/observe/mark.js";
import { desiredOf } from "../../src/plan/desired.js";
import { digestOf } from "../../src/plan/digest.js";
import { planOf, survey, type Survey } from "../../src/survey.js";
import { effectOf } from "../../src/steps/kinds.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import type { Spec } from "../../src/spec/spec.js";
import { arrange, formOnce } from "../laws/arrange.js";

const version = "3.5.30";
const spec = sampleSpec({ version, settings: { "snapshot-count": "5000" } });
const foreignUnit = "[Service]\nExecStart=/root/local/bin/etcd\n";
let formed: Survey;
beforeAll(async () => {
  const world = await arrange(await formOnce(spec), ["running", "running", "running"], true);
  formed = await survey(world.spec, world.session());
});

type Reachable = Extract<HostObservation, { reach: "reachable" }>;

/** The same cluster as somebody else would have built it: no binaries, certificates or unit of quorate's, and no note. */
function foreign(change: (host: Reachable, name: string) => Partial<Reachable> = () => ({})): Survey {
  const hosts = Object.fromEntries(
    Object.entries(formed.seen.hosts).map(([name, host]) => {
      if (host.reach === "unreachable") throw host.error;
      const { config: _, ...service } = host.service;
      const bare: Reachable = {
        ...host,
        service: { ...service, config: undefined, fingerprint: `process of ${name}` },
        texts: { [spec.members.find((member) => member.name === name)?.paths.unit ?? ""]: foreignUnit },
        ...{ stats: {}, digests: {}, releases: {}, mark: undefined },
      };
      return [name, { ...bare, ...change(bare, name) }];
    }),
  );
  return { ...formed, seen: { ...formed.seen, hosts, trust: {} } };
}

const noteOf = (name: string, asked: Spec = spec): AdoptedMark => {
  const member = asked.members.find((each) => each.name === name);
  if (member === undefined) throw new Error(name);
  const { config } = desiredOf(asked, member, version, "amd64");
  return { process: `process of ${name}`, unit: digestOf(foreignUnit), config };
};

const noted = (change: (host: Reachable, name: string) => Partial<Reachable> = () => ({})): Survey =>
  foreign((host, name) => ({
    mark: markText({ member: name, clusterId: formed.formed?.clusterId ?? "", adopted: noteOf(name) }),
    ...change(host, name),
  }));

const stepsOf = (plan: ReturnType<typeof planOf>): string[] => [
  ...new Set(plan.stages.flatMap(({ steps }) => steps.map(({ kind, member }) => `${kind} ${member}`))),
];
const codesOf = (plan: ReturnType<typeof planOf>): string[] => [...new Set(plan.problems.map(({ code }) => code))];
/** The same survey for a file that asks for something else. */
const asking = (looked: Survey, settings: Record<string, string>): Survey => ({
  ...looked,
  spec: { ...spec, etcd: { ...spec.etcd, settings } },
});

describe("a cluster that somebody else built", () => {
  test("is refused as it is", () => {
    expect(codesOf(planOf(spec, foreign()))).toContain("E_FOREIGN_ETCD");
  });

  test("is taken over by a note on every host, and nothing else", () => {
    const plan = acceptance(spec, foreign());
    expect(codesOf(plan)).toEqual([]);
    expect(stepsOf(plan)).toEqual(["mark-member a", "mark-member b", "mark-member c"]);
    expect(plan.stages[0]?.steps[0]).toMatchObject({ adopted: noteOf("a") });
    expect(acceptance(spec, noted()).stages).toEqual([]);
  });

  test("is then as the notes promise", () => {
    const { stages, before, after } = acceptance(spec, foreign());
    expect(stages.flatMap(({ steps }) => steps).reduce((facts, step) => effectOf(step, facts), before)).toEqual(after);
    expect(planOf(spec, noted()).before.members).toEqual(after.members);
  });

  test("cannot be taken over where nothing runs that somebody else started", () => {
    const stopped = foreign((host, name) =>
      name === "b" ? { service: { ...host.service, fingerprint: undefined } } : {},
    );
    expect(acceptance(spec, stopped).problems).toMatchObject([
      { code: "E_ADOPT_NONE", member: "b", severity: "refuse" },
    ]);
  });
});

describe("an adopted cluster", () => {
  test("leaves nothing to do", () => {
    const plan = planOf(spec, noted());
    expect(codesOf(plan)).toEqual([]);
    expect(plan.stages).toEqual([]);
  });

  test("is started from its own unit when it was stopped", () => {
    const ended = { state: "stopped", pid: undefined, fingerprint: undefined } as const;
    const { seen, ...rest } = noted(({ service }, name) =>
      name === "c" ? { service: { ...service, ...ended }, listeners: [] } : {},
    );
    const silent = { state: "silent", why: "connection refused", kind: "refused" } as const;
    const stopped = { ...rest, seen: { ...seen, etcd: { ...seen.etcd, c: silent } } };
    expect(codesOf(planOf(spec, stopped))).toEqual([]);
    expect(stepsOf(planOf(spec, stopped))).toEqual(["start-member c"]);
  });

  test("is prepared and restarted, one after the other, when the file asks for something else", () => {
    const plan = planOf(spec, asking(noted(), { "snapshot-count": "6000" }));
    const [first] = plan.stages;
    expect(new Set(first?.steps.map(({ kind }) => kind))).toEqual(
      new Set(["prepare-host", "install-release", "install-trust", "install-unit"]),
    );
    const restarts = plan.stages.flatMap(({ steps }) => steps.filter(({ kind }) => kind === "restart-member"));
    expect(restarts.map(({ member }) => member).sort()).toEqual(["a", "b", "c"]);
  });

  test("gets quorate's unit without a restart when somebody changes the old one", () => {
    const edited = noted((host) => ({
      texts: Object.fromEntries(Object.keys(host.texts).map((path) => [path, `${foreignUnit}#\n`])),
    }));
    const steps = stepsOf(planOf(spec, edited));
    expect(steps).toContain("install-unit a");
    expect(steps.filter((step) => step.startsWith("restart-member"))).toEqual([]);
  });

  test("is a stranger again when another process runs in its place", () => {
    const other = noted(({ service }) => ({ service: { ...service, fingerprint: "another" } }));
    expect(codesOf(planOf(spec, other))).toEqual(["E_FOREIGN_ETCD"]);
  });

  test("is not changed while drop-ins would falsify quorate's unit", () => {
    const dropIns = noted(({ service }) => ({
      service: { ...service, dropIns: ["/etc/systemd/system/etcd.service.d/x.conf"] },
    }));
    expect(codesOf(planOf(spec, dropIns))).toEqual([]);
    expect(codesOf(planOf(spec, asking(dropIns, {})))).toEqual(["E_ADOPT_DROP_INS"]);
  });
});

describe("the note", () => {
  const service = { config: undefined, fingerprint: "f" } as Reachable["service"];
  const adopted = { process: "f", unit: "u", config: "c" };

  test("reads back as it was written, and a damaged part of it says nothing", () => {
    expect(readMark(markText({ member: "a", clusterId: "1", adopted }))).toEqual({ clusterId: "1", adopted });
    expect(readMark('{"member":"a","clusterId":"1","adopted":{"process":"f"}}')).toEqual({
      clusterId: "1",
      adopted: undefined,
    });
  });

  test("speaks for the process that it was written of, and for no other", () => {
    const mark = { clusterId: "1", adopted };
    expect(acceptedIn(mark, service, true)).toEqual({ config: "c", adopted: { unit: "u", config: "c" } });
    expect(acceptedIn(mark, { ...service, fingerprint: "g" }, true).config).toBe("");
    expect(acceptedIn(mark, service, false).config).toBe("");
  });

  test("is silent about a process that quorate started", () => {
    expect(acceptedIn({ clusterId: "1", adopted }, { ...service, config: "own" }, true)).toEqual({ config: "own" });
    expect(acceptedIn(undefined, service, true)).toEqual({ config: "" });
  });
});
