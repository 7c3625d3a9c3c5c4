import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { etcdErrorName, openClient, type EtcdClient } from "../../../src/etcd/client.js";
import { EtcdError } from "../../../src/etcd/cluster.js";
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
    const added = await client.cluster.addLearner(["https://127.0.0.1:1"]);
    const id = added.member?.ID ?? 0n;
    expect(added.members).toHaveLength(2);
    const learner = { ID: id, name: "", peerURLs: ["https://127.0.0.1:1"], isLearner: true };
    expect((await client.cluster.list()).members).toContainEqual(expect.objectContaining(learner));
    const { stdout } = await etcd.etcdctl("member", "list");
    expect(stdout).toContain(`${id.toString(16)}, unstarted, , https://127.0.0.1:1, , true`);
    await client.cluster.remove(id);
    expect((await client.cluster.list({ linearizable: false })).members).toHaveLength(1);
  });

  it("updates peer URLs", async () => {
    const [self] = (await client.cluster.list()).members;
    const id = self?.ID ?? 0n;
    const { members } = await client.cluster.update(id, ["https://127.0.0.1:2", "https://127.0.0.1:1"]);
    expect(members[0]?.peerURLs.toSorted()).toEqual(["https://127.0.0.1:1", "https://127.0.0.1:2"]);
    await client.cluster.update(id, self?.peerURLs ?? []);
  });

  it("is refused in etcd's own words", async () => {
    const [self] = (await client.cluster.list()).members;
    expect(await nameOf(client.cluster.add(self?.peerURLs ?? []))).toBe("PeerURLExist");
    expect(await nameOf(client.cluster.add(["nonsense"]))).toBe("MemberBadURLs");
    expect(await nameOf(client.cluster.remove(42n))).toBe("MemberNotFound");
    expect(await nameOf(client.cluster.promote(self?.ID ?? 0n))).toBe("MemberNotLearner");
    // Not the URL from above: within one second etcd would give the same ID again, which has been removed for good.
    const added = await client.cluster.addLearner(["https://127.0.0.1:3"]);
    expect(await nameOf(client.cluster.promote(added.member?.ID ?? 0n))).toBe("LearnerNotReady");
    expect(await nameOf(client.cluster.addLearner(["https://127.0.0.1:2"]))).toBe("TooManyLearners");
    await client.cluster.remove(added.member?.ID ?? 0n);
  });
});
