import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  etcdErrorName,
  openClient,
  prefixEnd,
  type EtcdClient,
  type UserCredentials,
} from "../../../src/etcd/client.js";
import { EtcdError } from "../../../src/etcd/cluster.js";
import { openCluster } from "../../../src/etcd/grpc-cluster.js";
import { testedVersions } from "../../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../../support/real-etcd.js";

async function nameOf(promise: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  return error instanceof EtcdError ? etcdErrorName(error) : String(error);
}

/** Without TLS, so that no certificate's CN is a user. */
describe.each(testedVersions)("users and roles of etcd %s", (version) => {
  let etcd: RealEtcd;
  let url: string;
  let root: EtcdClient;
  const clients: EtcdClient[] = [];
  const as = (name?: string, password = `${name}-secret`): EtcdClient => {
    const user: UserCredentials | undefined = name === undefined ? undefined : { name, password: async () => password };
    const client = openClient(url, { tls: async () => undefined, ...(user === undefined ? {} : { user }) });
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    etcd = await realEtcd({ version, tls: false });
    url = etcd.members[0]?.clientUrl ?? "";
    const open = as();
    await open.kv.put("other/x", "1");
    await open.auth.userAdd("root", "root-secret");
    await open.auth.roleAdd("root");
    await open.auth.userGrantRole("root", "root");
    await open.auth.roleAdd("app");
    await open.auth.roleGrantPermission("app", "readwrite", "app/", prefixEnd("app/"));
    await open.auth.userAdd("alice", "alice-secret");
    await open.auth.userGrantRole("alice", "app");
    await open.auth.userAdd("from-certificate", undefined);
    await open.auth.enable();
    root = as("root");
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await etcd?.remove();
  });

  it("are listed and read back", async () => {
    expect((await root.auth.userList()).users.toSorted()).toEqual(["alice", "from-certificate", "root"]);
    expect((await root.auth.userGet("alice")).roles).toEqual(["app"]);
    expect((await root.auth.roleList()).roles.toSorted()).toEqual(["app", "root"]);
    const { perm } = await root.auth.roleGet("app");
    expect(perm.map(({ permType, key }) => [permType, Buffer.from(key).toString()])).toEqual([[2, "app/"]]);
  });

  it("tell whether they count, from 3.5 on", async () => {
    const answer = await root.auth.status().catch((error: unknown) => error);
    expect(answer).toMatchObject(version.startsWith("3.4") ? { kind: "status", status: 12 } : { enabled: true });
  });

  it("let a user do what its role may and no more", async () => {
    const alice = as("alice");
    await alice.kv.put("app/x", "1");
    expect(await nameOf(alice.kv.put("other/x", "2"))).toBe("PermissionDenied");
    expect(await nameOf(alice.auth.userList())).toBe("PermissionDenied");
    expect(await nameOf(as("alice", "wrong").kv.range("app/x"))).toBe("AuthFailed");
  });

  it("count a refused read as proof of a quorum, as etcdctl does", async () => {
    const alice = as("alice");
    const { token } = await as().auth.authenticate("alice", "alice-secret");
    expect(token).not.toBe("");
    expect(await nameOf(alice.kv.range("health"))).toBe("PermissionDenied");
    const cluster = openCluster({ tls: async () => undefined });
    try {
      // Without any user etcd does not even say PermissionDenied, so this is no proof.
      await expect(cluster.member(url).proveQuorum(5000)).rejects.toMatchObject({ kind: "status", status: 3 });
    } finally {
      await cluster.close();
    }
  });

  it("refuse a watch that is not permitted", async () => {
    const watching = (async () => {
      for await (const batch of as("alice").watch("other/x")) return batch;
      return undefined;
    })();
    await expect(watching).rejects.toMatchObject({
      kind: "status",
      status: 7,
      message: "etcdserver: permission denied",
    });
  });

  it("log in again when the member has forgotten their token", async () => {
    const alice = as("alice");
    await alice.kv.put("app/x", "1");
    const [member] = etcd.members;
    await member?.stop();
    member?.start();
    await etcd.ready();
    await alice.kv.put("app/x", "2");
    const { kvs } = await alice.kv.range("app/x");
    expect(Buffer.from(kvs[0]?.value ?? []).toString()).toBe("2");
  });

  it("change and go", async () => {
    await root.auth.userChangePassword("alice", "new");
    await as("alice", "new").kv.range("app/x");
    await root.auth.roleRevokePermission("app", "app/", prefixEnd("app/"));
    expect(await nameOf(as("alice", "new").kv.range("app/x"))).toBe("PermissionDenied");
    await root.auth.userRevokeRole("alice", "app");
    expect(await nameOf(root.auth.userRevokeRole("alice", "app"))).toBe("RoleNotGranted");
    await root.auth.userDelete("alice");
    await root.auth.roleDelete("app");
    expect(await nameOf(root.auth.userGet("alice"))).toBe("UserNotFound");
    await root.auth.disable();
    await as().kv.put("other/x", "3");
  });
});
