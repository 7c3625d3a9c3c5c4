import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { etcdErrorName, openClient, type EtcdClient } from "../../../src/etcd/client.js";
import { EtcdError } from "../../../src/etcd/cluster.js";
import { configChange } from "../../support/config-change.js";
import { testedVersions } from "../../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../../support/real-etcd.js";

async function nameOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  return error instanceof EtcdError ? etcdErrorName(error) : String(error);
}

describe.each(testedVersions)("membership of etcd %s", (version) => {
  let etcd: RealEtcd;
  let client: EtcdClient;

  beforeAll(async () => {
    etcd = await realEtcd({ version });
    client = openClient(etcd.members[0]?.clientUrl ?? "", { tls: async () => etcd.tls });
  });
  afterAll(async () => {
    await client?.close();
    await etcd?.remove();
  });

  it("adds a learner, moves it and removes it again", async () => {
    const added = await configChange((call) => client.cluster.addLearner(["https://127.0.0.1:1"], call));
    const id = added.member?.ID ?? 0n;
    expect(added.members).toHaveLength(2);
    const learner = { ID: id, name: "", peerURLs: ["https://127.0.0.1:1"], isLearner: true };
    expect((await client.cluster.list()).members).toContainEqual(expect.objectContaining(learner));
    const { stdout } = await etcd.etcdctl("member", "list");
    expect(stdout).toContain(`${id.toString(16)}, unstarted, , https://127.0.0.1:1, , true`);
    await configChange((call) => client.cluster.remove(id, call));
    expect((await client.cluster.list({ linearizable: false })).members).toHaveLength(1);
  });

  it("updates peer URLs", async () => {
    const [self] = (await client.cluster.list()).members;
    const id = self?.ID ?? 0n;
    const urls = ["https://127.0.0.1:1", "https://127.0.0.1:2"];
    const { members } = await configChange((call) => client.cluster.update(id, urls, call));
    expect(members[0]?.peerURLs.toSorted()).toEqual(urls);
    await configChange((call) => client.cluster.update(id, self?.peerURLs ?? [], call));
  });

  it("is refused in etcd's own words", async () => {
    const [self] = (await client.cluster.list()).members;
    const refused = (change: Parameters<typeof configChange>[0]): Promise<string | undefined> =>
      nameOf(configChange(change));
    expect(await refused((call) => client.cluster.add(self?.peerURLs ?? [], call))).toBe("PeerURLExist");
    expect(await refused((call) => client.cluster.add(["nonsense"], call))).toBe("MemberBadURLs");
    expect(await refused((call) => client.cluster.remove(42n, call))).toBe("MemberNotFound");
    expect(await refused((call) => client.cluster.promote(self?.ID ?? 0n, call))).toBe("MemberNotLearner");
    // Not the URL from above: within one second etcd would give the same ID again, which has been removed for good.
    const added = await configChange((call) => client.cluster.addLearner(["https://127.0.0.1:3"], call));
    const id = added.member?.ID ?? 0n;
    expect(await refused((call) => client.cluster.promote(id, call))).toBe("LearnerNotReady");
    expect(await refused((call) => client.cluster.addLearner(["https://127.0.0.1:2"], call))).toBe("TooManyLearners");
    await configChange((call) => client.cluster.remove(id, call));
  });
});
