/** Trust without cryptography: certificates are lines of text that say who issued them to whom. */
import type { Authority, ClientIdentity, MemberTrust, TrustFile, TrustVerdict } from "../pki/authority.js";
import { digestOf, sha256Of } from "../plan/digest.js";
import type { Spec } from "../spec/spec.js";

/** Stands in every key. Nothing that is printed, planned or journalled may hold it. */
export const keyCanary = "CANARY-KEY";

export class FakeAuthority implements Authority {
  /** Tells CAs of different operators apart. */
  readonly name: string;
  #generation = 0;
  #ca: string | undefined;
  #client: ClientIdentity | undefined;
  readonly #sets = new Map<string, { readonly place: string; readonly trust: MemberTrust }>();
  #places: ReadonlyMap<string, string> = new Map();
  issued = 0;
  /** Leaves issued from now on are due for renewal at once. */
  shortLived = false;

  constructor(name = "ours") {
    this.name = name;
  }

  /** As if the operator's pki folder had been lost: the next CA is another one. */
  forget(): void {
    this.#generation += 1;
    this.#ca = undefined;
    this.#client = undefined;
    this.#sets.clear();
  }

  /** Issue for the members of a file from now on: a certificate names the address that its member is reached at. */
  serve({ members }: Pick<Spec, "members">): void {
    this.#places = new Map(members.map(({ name, address }) => [name, address]));
  }

  #place(member: string): string {
    return this.#places.get(member) ?? "nowhere";
  }

  #make(): string {
    this.#ca ??= `certificate of the CA "${this.name}" ${this.#generation}\n`;
    return this.#ca;
  }

  async trusted(): Promise<string | undefined> {
    return this.#ca;
  }

  async stored(member: string): Promise<MemberTrust | undefined> {
    return this.#sets.get(member)?.trust;
  }

  async issue(member: string): Promise<MemberTrust> {
    const stored = this.#sets.get(member);
    const place = this.#place(member);
    if (stored?.place === place) return stored.trust;
    const trust = this.#set(member);
    this.#sets.set(member, { place, trust });
    return trust;
  }

  #leaf(member: string, use: string): string {
    this.issued += 1;
    return `${use} certificate ${this.issued} of ${member} at ${this.#place(member)}, by: ${this.#make()}${this.shortLived ? "renewal due\n" : ""}`;
  }

  #set(member: string): MemberTrust {
    const [server, peer] = [this.#leaf(member, "server"), this.#leaf(member, "peer")];
    const key = (use: string): string => `${keyCanary} ${use} ${member} ${this.issued}`;
    const file = (name: TrustFile["name"], text: string): TrustFile => ({
      name,
      mode: name.endsWith("-key.pem") ? "0600" : "0644",
      sha256: sha256Of(text),
      bytes: async () => new TextEncoder().encode(text),
    });
    return {
      generation: digestOf(server + peer),
      files: [
        file("ca.pem", this.#make()),
        file("server.pem", server),
        file("server-key.pem", key("server")),
        file("peer.pem", peer),
        file("peer-key.pem", key("peer")),
      ],
    };
  }

  async sign(
    member: string,
    requests: { server: string; peer: string },
  ): Promise<{ generation: string; ca: string; server: string; peer: string }> {
    if (requests.server === "" || requests.peer === "") throw new Error("bug in quorate: an empty certificate request");
    const [server, peer] = [this.#leaf(member, "server"), this.#leaf(member, "peer")];
    return { generation: digestOf(server + peer), ca: this.#make(), server, peer };
  }

  async client(): Promise<ClientIdentity | undefined> {
    const folder = `/home/${this.name}/pki`;
    this.#client ??= {
      ca: this.#make(),
      cert: this.#leaf("root", "client"),
      key: `${keyCanary} client`,
      probe: undefined,
      files: { ca: `${folder}/ca.pem`, cert: `${folder}/root.pem`, key: `${folder}/root-key.pem` },
    };
    return this.#client;
  }

  async storedClient(): Promise<ClientIdentity | undefined> {
    return this.#client;
  }

  judge(member: string, pair: { ca: string; server: string; peer: string }): TrustVerdict {
    const verdict = (state: TrustVerdict["state"], ...reasons: string[]): TrustVerdict => ({
      state,
      reasons,
      foreignCa: false,
      notAfter: "2036-11-19T10:00:00.000Z",
    });
    if (pair.ca !== this.#ca)
      return { ...verdict("wrong", "the CA on the host is not the one of the pki folder"), foreignCa: true };
    for (const [use, text] of [
      ["server", pair.server],
      ["peer", pair.peer],
    ] as const) {
      if (
        !text.startsWith(`${use} certificate `) ||
        !text.includes(` of ${member} at ${this.#place(member)}, by: ${pair.ca}`)
      )
        return verdict("wrong", `the ${use} certificate is not one of ${member}`);
    }
    return pair.server.includes("renewal due")
      ? verdict("renewal-due", "less than a third of its life is left")
      : verdict("ok");
  }
}
