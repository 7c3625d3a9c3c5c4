import { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { hostContract } from "../host/host-contract.js";

hostContract("the fake host", async () => {
  const spec = sampleSpec({ members: 1 });
  const folder = "/home/etcd";
  const members = spec.members.map((member) => ({
    ...member,
    paths: { ...member.paths, data: `${folder}/data`, state: `${folder}/state` },
  }));
  const world = new FakeWorld({ ...spec, members });
  const machine = world.machine("a");
  machine.users.add("etcd");
  machine.files.makeFolder(folder, "0700", "etcd", "etcd");
  return {
    host: world.session().host("a"),
    rival: world.session().host("a"),
    folder,
    owner: "etcd",
    group: "etcd",
    service: { kind: "systemd", unit: "etcd", unitPath: machine.member.paths.unit },
    unitText: "[Service]\nEnvironment=QUORATE_CONFIG=c0ffee\nExecStart=/usr/bin/sleep 600\n",
    unitMode: "0644",
    async cleanUp() {},
  };
});
