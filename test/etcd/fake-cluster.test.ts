import { attempt } from "../../src/testing/attempt.js";
import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { clusterContract } from "./cluster-contract.js";

clusterContract("the fake cluster", async () => {
  const spec = sampleSpec({ members: 3 });
  const world = new FakeWorld(spec);
  await attempt(world);
  const supervisor = (index: number) => world.machine(spec.members[index]?.name ?? "").supervisor;
  return {
    cluster: world.session().cluster,
    members: spec.members.map(({ name, client, peer }) => ({ name, clientUrl: client.url, peerUrl: peer.url })),
    nowhere: { clientUrl: "https://10.64.3.99:2379", peerUrl: "https://10.64.3.99:2380" },
    stop: async (index) => supervisor(index).stop(),
    start: async (index) => supervisor(index).start(supervisor(index).unit.name),
    async until(condition) {
      for (let turn = 0; !(await condition()); turn += 1) {
        if (turn > 100) throw new Error("what the test waited for did not come in ten seconds of the fake clock");
        await world.clock.sleep(100);
      }
    },
    async cleanUp() {},
  };
});
