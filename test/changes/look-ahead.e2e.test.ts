/** What keeps 3.6 from starting, or turns its members away, is found on 3.5: on real data, before anything has moved. */
import { rmSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openCluster } from "../../src/etcd/grpc-cluster.js";
import { differences } from "../../src/steps/compare-members.js";
import { said } from "../cli/quorate.js";
import { etcdFolder } from "../support/etcd-binaries.js";
import { realEtcd, type RealEtcd } from "../support/real-etcd.js";
import { RealMember } from "../support/real-member.js";
import { until } from "../support/until.js";
import { howToGet, newestOf } from "./releases.js";
import { ChangingSite } from "./site.js";

const [new35 = "", new36 = ""] = ["3.5", "3.6"].map((line) => newestOf(line));
const members = ["m0", "m1", "m2"];
const patience = 600_000;

describe("keys of the v2 API", { timeout: patience }, () => {
  let site: ChangingSite;
  afterEach(() => site?.leave());

  /** @returns the status of the answer */
  async function v2(method: "PUT" | "DELETE"): Promise<number | undefined> {
    const identity = await site.identity();
    const [ca, cert, key] = [identity.ca, identity.cert, identity.key].map(String);
    return new Promise((resolve, reject) => {
      const options = {
        method,
        ca: ca ?? "",
        cert: cert ?? "",
        key: key ?? "",
        headers: { "content-type": "application/x-www-form-urlencoded" },
      };
      const asked = request(`${site.urls()[0]}/v2/keys/old`, options, (answer) => resolve(answer.resume().statusCode));
      asked.on("error", reject).end(method === "PUT" ? "value=1" : "");
    });
  }
  const versions = (): Promise<string[]> =>
    Promise.all(site.urls().map((url) => site.at(url, async (client) => (await client.maintenance.status()).version)));

  if (new36 === "" || new35 === "") console.log(`not proven on this machine: no etcd 3.5 and 3.6; ${howToGet}`);
  else
    it.each([...new Set(["3.5.30", new35])])(
      "on %s keep the members on it; without them 3.6 comes",
      async (version) => {
        site = await ChangingSite.of([version, new36], {
          ...{ version, members, settings: { "enable-v2": "true" } },
          accept: version === new35 ? [] : ["gate-3.6"],
        });
        await site.up();
        await site.put("new/1");
        expect(await v2("PUT")).toBe(201);
        site.write({ version: new36, settings: {} });
        const refused = await site.quorate("up", "--yes");
        expect(refused.code, said(refused)).toBe(1);
        expect(said(refused)).toMatch(
          /E_V2_CONTENT[^]*on the data of m[012] in [^]*detected custom content in v2store/,
        );
        expect(await versions()).toEqual([version, version, version]);
        site.write({ version, settings: { "enable-v2": "true" } });
        await site.up();
        expect(await v2("DELETE")).toBe(200);
        site.write({ version: new36, settings: {} });
        await site.up();
        expect(await versions()).toEqual([new36, new36, new36]);
      },
    );
});

describe("members that are struck off in the v3 store", { timeout: patience }, () => {
  const cluster = openCluster({ tls: async () => undefined });
  const now: RealMember[] = [];
  let old: RealEtcd;
  afterAll(async () => {
    await cluster.close();
    await Promise.all(now.map((member) => member.kill()));
    await old?.remove();
  });

  const succeeds = (act: () => Promise<unknown>): Promise<boolean> =>
    act().then(
      () => true,
      () => false,
    );
  const serves = (url: string): Promise<void> =>
    until(() => succeeds(() => cluster.member(url).proveQuorum(1_000)), 60_000);

  /** As etcd 3.5.30, with what the 3.4 before it had on disk, or with nothing. */
  function started({ name, dataDir, peerUrl, clientUrl, logFile }: RealMember, state: "new" | "existing"): RealMember {
    const initial = old.members.map((member) => `${member.name}=${member.peerUrl}`).join(",");
    const urls = [`--listen-peer-urls=${peerUrl}`, `--listen-client-urls=${clientUrl}`];
    const told = [`--initial-advertise-peer-urls=${peerUrl}`, `--advertise-client-urls=${clientUrl}`];
    const first = [`--initial-cluster=${initial}`, `--initial-cluster-state=${state}`];
    const args = [`--name=${name}`, `--data-dir=${dataDir}`, ...urls, ...told, ...first];
    const binary = join(etcdFolder("3.5.30"), "etcd");
    const member = new RealMember({ name, dataDir, peerUrl, clientUrl, logFile, binary, args, env: {} });
    member.start();
    return member;
  }

  /** What each member's v3 store has otherwise than the cluster's list. */
  const found = (): Promise<string[][]> =>
    Promise.all(
      now.map(async ({ clientUrl }) => {
        const member = cluster.member(clientUrl);
        const { members: listed } = await member.memberList(5_000, true);
        expect(listed).toHaveLength(3);
        return differences(listed, await member.storedMembers());
      }),
    );

  /** By hand: quorate does not lead a cluster there that nobody wrote to. */
  it("are found on 3.5, where etcd itself says nothing of it", async () => {
    old = await realEtcd({ version: "3.4.23", size: 3, tls: false });
    for (const member of old.members) {
      await member.stop();
      now.push(started(member, "new"));
      await serves(member.clientUrl);
    }
    const differ = await found();
    console.log(differ.map((one, index) => `m${index + 1}: ${one.join("; ") || "nothing"}`).join("\n"));
    expect(differ.flat().join("\n")).toMatch(/\(m[123]\): a member, but struck off in the v3 store/);
  });

  it("are members like any others once each has a new identity, as the error advises", async () => {
    for (const [index, member] of now.entries()) {
      const other = cluster.member(now[(index + 1) % 3]?.clientUrl ?? "");
      const { members: listed } = await other.memberList(5_000, true);
      const id = listed.find(({ name }) => name === member.name)?.id ?? expect.fail(`${member.name} is not listed`);
      await until(() => succeeds(() => other.removeMember(id, 5_000)), 60_000);
      await member.kill();
      rmSync(member.dataDir, { recursive: true });
      await until(() => succeeds(() => other.addLearner(member.peerUrl, 5_000)), 60_000);
      now[index] = started(member, "existing");
      await until(async () => {
        const entry = (await other.memberList(5_000, true)).members.find(({ name }) => name === member.name);
        return entry !== undefined && (await succeeds(() => other.promoteMember(entry.id, 5_000)));
      }, 60_000);
      await serves(member.clientUrl);
    }
    await until(async () => (await found()).flat().length === 0, 60_000);
  });
});
