/** For any spec of members: every certificate covers its own member's addresses, and no peer certificate another's. */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MemberTrust } from "../../src/pki/authority.js";
import { missingNames } from "../../src/pki/judge.js";
import { peerCommonName } from "../../src/pki/names.js";
import { openAuthority } from "../../src/pki/open-authority.js";
import { peerProfile, serverProfile } from "../../src/pki/profile.js";
import { endpoint, exampleMember, exampleSpec } from "./example-spec.js";
import { testFolder } from "./test-folder.js";

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
const hostName = fc.tuple(label, fc.stringMatching(/^[a-z]{2,5}$/)).map((parts) => parts.join("."));
const address = fc.oneof(fc.ipV4(), fc.ipV6(), hostName);
const concrete = fc.oneof(fc.ipV4(), fc.ipV6());

const members = fc
  .uniqueArray(fc.record({ name: label, client: address, peer: address, bound: concrete }), {
    selector: (member) => member.name,
    minLength: 1,
    maxLength: 3,
  })
  .map((list) =>
    list.map(({ name, client, peer, bound }) =>
      exampleMember(name, client, { client: endpoint(client, 2379, [bound]), peer: endpoint(peer, 2380, [bound]) }),
    ),
  );

test("profiles: the peers' CN on every peer certificate and never on a server's, loopback on every server's", () => {
  fc.assert(
    fc.property(members, label, (list, cluster) => {
      const spec = exampleSpec("/srv/none", {}, { name: cluster, members: list });
      for (const member of list) {
        const [server, peer] = [serverProfile(spec, member), peerProfile(spec, member)];
        expect(peer.commonName).toBe(peerCommonName(cluster));
        expect(server.names).toEqual(expect.arrayContaining(["localhost", "127.0.0.1", "::1"]));
        expect(new Set(server.names).size).toBe(server.names.length);
      }
    }),
  );
});

async function certificates(
  trust: MemberTrust,
): Promise<{ server: X509Certificate; peer: X509Certificate; pair: Record<"ca" | "server" | "peer", string> }> {
  const text = async (name: string): Promise<string> =>
    Buffer.from(await trust.files.find((file) => file.name === name)!.bytes()).toString();
  const pair = { ca: await text("ca.pem"), server: await text("server.pem"), peer: await text("peer.pem") };
  return { server: new X509Certificate(pair.server), peer: new X509Certificate(pair.peer), pair };
}

test("issued sets cover their member, are judged fit, and belong to no other", async () => {
  await fc.assert(
    fc.asyncProperty(members, async (list) => {
      const authority = openAuthority(exampleSpec(testFolder(), {}, { members: list }));
      for (const member of list) {
        const { server, peer, pair } = await certificates(await authority.issue(member.name));
        expect(authority.judge(member.name, pair, Date.now())).toMatchObject({ state: "ok", reasons: [] });
        expect(missingNames(server, [member.client.address, "127.0.0.1", "::1", "localhost"])).toEqual([]);
        expect(missingNames(peer, [member.peer.address, member.client.address])).toEqual([]);
        const own = new Set(peerProfile(exampleSpec("/srv/none", {}, { members: list }), member).names);
        const strangers = list
          .map((other) => other.peer.address.toLowerCase())
          .filter((name) => !own.has(name) && isIP(name) === 4);
        expect(missingNames(peer, strangers)).toEqual(strangers);
      }
    }),
    { numRuns: 15 },
  );
}, 120_000);
