import { describe, expect, it } from "vitest";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { Play } from "./play.js";

const of = (version: string, settings: Readonly<Record<string, string>> = {}): ReturnType<typeof sampleSpec> =>
  sampleSpec({ version, tls: false, settings });

describe("before the first member goes from 3.5 to 3.6", () => {
  const versions = ({ world }: Play): (string | undefined)[] =>
    world.machines.map(({ supervisor }) => supervisor.process?.version);

  it("keys of the v2 API are found on its host, and nobody moves before they are gone", async () => {
    const play = new Play(of("3.5.35"));
    await play.formed();
    play.say("somebody has written keys through the v2 API, which all members have", () => {
      for (const machine of play.world.machines) machine.v2Content = true;
    });
    const refused = await play.up({ spec: of("3.6.16") });
    expect(refused.report?.failure).toMatchObject({ code: "E_V2_CONTENT", message: expect.stringMatching(/\bb\b/) });
    expect(versions(play)).toEqual(["3.5.35", "3.5.35", "3.5.35"]);
    play.say("the keys are removed", () => {
      for (const machine of play.world.machines) machine.v2Content = false;
    });
    await play.up({ spec: of("3.6.16") });
    expect(versions(play)).toEqual(["3.6.16", "3.6.16", "3.6.16"]);
    await play.end("v2-content");
  });

  it("nobody looks for keys that 3.6 is told to pass over", async () => {
    const play = new Play(of("3.5.35"));
    await play.formed();
    for (const machine of play.world.machines) machine.v2Content = true;
    const { report } = await play.up({ spec: of("3.6.16", { "v2-deprecation": "write-only-skip-check" }) });
    expect([report?.outcome, report?.failure]).toEqual(["done", undefined]);
    expect(play.world.machines.flatMap(({ done }) => done).join()).not.toContain("v2 store");
  });

  it("a release without etcdutl is named", async () => {
    const play = new Play(of("3.5.35"));
    await play.formed();
    const machine = play.world.machine("b");
    machine.interfere = (action) => {
      if (action.do === "check-v2-store") machine.files.remove(action.etcdutl);
    };
    const { report } = await play.up({ spec: of("3.6.16") });
    expect(report?.failure).toMatchObject({ code: "E_V2_CONTENT", message: expect.stringMatching(/\bb\b/) });
    expect(report?.failure?.message).toContain("there is no /opt/etcd/etcd-v3.5.35/etcdutl");
  });

  it("an etcdutl that cannot look is named", async () => {
    const play = new Play(of("3.5.16"));
    play.world.operator.release.newestVersion = "3.6.16";
    await play.formed();
    const spec = of("3.6.16");
    const { report } = await play.up({ spec: { ...spec, etcd: { ...spec.etcd, accept: ["gate-3.6"] } } });
    expect(report?.failure).toMatchObject({ code: "E_V2_CONTENT", message: expect.stringMatching(/\bb\b/) });
    expect(report?.failure?.message).toContain("3.5.18 and later can");
    expect(versions(play)).toEqual(["3.5.16", "3.5.16", "3.5.16"]);
  });

  it.each([
    { label: "long gone", zombies: ["dead"], struckOff: [] },
    { label: "struck off", zombies: [], struckOff: ["b"] },
  ])(
    "members that are $label in a v3 store are found before anything is done",
    async ({ label, zombies, struckOff }) => {
      const play = new Play(of("3.5.35"));
      await play.formed();
      const [, b] = play.world.etcd.listing(play.world.machine("a").supervisor.process ?? expect.fail());
      play.say(`in the v3 store of c there is one that is ${label}`, () => {
        const machine = play.world.machine("c");
        machine.zombies = zombies;
        machine.struckOff = struckOff.map(() => b?.id ?? "");
      });
      const { report } = await play.up({ spec: of("3.6.16") });
      expect(report?.failure).toMatchObject({
        code: "E_ZOMBIE_MEMBERS",
        message: expect.stringContaining("v3 store of c "),
      });
      expect(report?.stagesDone).toBe(0);
      expect(versions(play)).toEqual(["3.5.35", "3.5.35", "3.5.35"]);
      await play.end(`member-${label.replace(" ", "-")}`);
    },
  );
});
