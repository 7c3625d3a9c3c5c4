/** Trust without cryptography: certificates are lines of text that say who issued them to whom. */
import type {
  Anchors,
  Authority,
  ClientIdentity,
  ListVerdict,
  MemberTrust,
  TrustFile,
  TrustVerdict,
} from "../pki/authority.js";
import { digestOf, sha256Of } from "../plan/digest.js";
import type { Spec } from "../spec/spec.js";

/** Stands in every key. Nothing that is printed, planned or journalled may hold it. */
export const keyCanary = "CANARY-KEY";

/** As in Anchors: a CA by 12 digits of a digest. */
const tagOf = (ca: string): string => sha256Of(ca).slice(0, 12);

/** The CAs in a file of trusted ones. */
export const casIn = (pem: string): string[] => pem.match(/certificate of the CA .*\n/g) ?? [];

/** The CA that a certificate says it was issued by; "" when it says nothing. */
export const issuerIn = (certificate: string): string => casIn(certificate.split(", by: ").at(1) ?? "").at(0) ?? "";

interface Stored {
  readonly place: string;
  readonly signed: string;
  readonly roots: string;
  readonly trust: MemberTrust;
}

export class FakeAuthority implements Authority {
  /** Tells CAs of different operators apart. */
  readonly name: string;
  #generation = 0;
  #wanted: string | undefined;
  /** While CAs change: the one that signs, the one that the cluster was made with, and all that are trusted. */
  #signing: string | undefined;
  #first: string | undefined;
  #trusted: readonly string[] = [];
  #client: ClientIdentity | undefined;
  readonly #sets = new Map<string, Stored>();
  #places: ReadonlyMap<string, string> = new Map();
  issued = 0;
  /** Leaves issued from now on are due for renewal at once. */
  shortLived = false;
  /** Clients that hold certificates of a CA that is not wanted any more. */
  waiting: readonly string[] = [];
  /** What is found wrong when listeners are asked. */
  complaints: readonly string[] = [];

  /** Lists of revoked certificates, newest last. */
  readonly #lists: string[] = [];
  #revoked = 0;

  constructor(name = "ours") {
    this.name = name;
  }

  /** As if the operator's pki folder had been lost: the next CA is another one. */
  forget(): void {
    this.#generation += 1;
    this.#wanted = this.#signing = this.#first = this.#client = undefined;
    this.#trusted = [];
    this.#sets.clear();
  }

  /** Another CA is wanted from now on. */
  changeCa(): void {
    this.#make();
    this.#generation += 1;
    this.#wanted = this.#next();
    this.#trusted = [...this.#trusted, this.#wanted];
  }

  /** Issue for the members of a file from now on: a certificate names the address that its member is reached at. */
  serve({ members }: Pick<Spec, "members">): void {
    this.#places = new Map(members.map(({ name, address }) => [name, address]));
  }

  #place(member: string): string {
    return this.#places.get(member) ?? "nowhere";
  }

  #next = (): string => `certificate of the CA "${this.name}" ${this.#generation}\n`;

  /** The CA that signs. */
  #make(): string {
    this.#wanted ??= this.#next();
    this.#signing ??= this.#wanted;
    this.#first ??= this.#signing;
    if (this.#trusted.length === 0) this.#trusted = [this.#wanted];
    return this.#signing;
  }

  async trusted(): Promise<string | undefined> {
    return this.#trusted.length === 0 ? undefined : this.#trusted.join("");
  }

  async anchors(): Promise<Anchors> {
    const tags = (...cas: readonly (string | undefined)[]): string[] =>
      cas.flatMap((ca) => (ca === undefined ? [] : [tagOf(ca)])).sort();
    return {
      first: tags(this.#first),
      wanted: tags(this.#wanted),
      trusted: tags(...this.#trusted),
      signing: tags(this.#signing),
      waiting: this.#trusted.length > 1 ? this.waiting : [],
    };
  }

  async bundle(roots: readonly string[]): Promise<string> {
    return this.#trusted.filter((ca) => roots.includes(tagOf(ca))).join("");
  }

  async renew(member: string, shown: { server: string; peer: string }): Promise<{ server: string; peer: string }> {
    if (shown.server === "" || shown.peer === "") throw new Error("bug in quorate: nothing tells which keys there are");
    return { server: this.#leaf(member, "server"), peer: this.#leaf(member, "peer") };
  }

  async adoptCa(): Promise<void> {
    this.#make();
    this.#signing = this.#wanted;
    this.#client = undefined;
    await this.client();
  }

  async forgetCas(): Promise<void> {
    this.#make();
    this.#trusted = this.#wanted === undefined ? [] : [this.#wanted];
    this.#client = undefined;
    await this.client();
  }

  async prove(): Promise<string[]> {
    return [...this.complaints];
  }

  /** One more certificate is not to be taken any more. */
  revoke(): void {
    this.#revoked += 1;
  }

  revokes(): boolean {
    return this.#revoked > 0;
  }

  async revocations(): Promise<{ sha256: string; bytes: Uint8Array }> {
    const list = `list of ${this.#revoked}, by: ${this.#make()}`;
    if (this.#lists.at(-1) !== list) this.#lists.push(list);
    return { sha256: sha256Of(list), bytes: new TextEncoder().encode(list) };
  }

  judgeList(sha256: string): ListVerdict {
    const list = this.#lists.find((known) => sha256Of(known) === sha256);
    if (list === undefined) return "foreign";
    const signer = issuerIn(list);
    if (list !== this.#lists.at(-1) || !list.startsWith(`list of ${this.#revoked},`) || !this.#trusted.includes(signer))
      return "stale";
    return signer === this.#wanted ? "current" : "former";
  }

  async stored(member: string): Promise<MemberTrust | undefined> {
    return this.#sets.get(member)?.trust;
  }

  async issue(member: string, roots?: readonly string[]): Promise<MemberTrust> {
    const signed = this.#make();
    const wanted = roots === undefined ? this.#trusted.join("") : await this.bundle(roots);
    const stored = this.#sets.get(member);
    const place = this.#place(member);
    if (stored?.place === place && stored.signed === signed && stored.roots === wanted) return stored.trust;
    const trust = this.#set(member, wanted);
    this.#sets.set(member, { place, signed, roots: wanted, trust });
    return trust;
  }

  #leaf(member: string, use: string): string {
    this.issued += 1;
    return `${use} certificate ${this.issued} of ${member} at ${this.#place(member)}, by: ${this.#make()}${this.shortLived ? "renewal due\n" : ""}`;
  }

  #set(member: string, roots: string): MemberTrust {
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
        file("ca.pem", roots),
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
    roots?: readonly string[],
  ): Promise<{ generation: string; ca: string; server: string; peer: string }> {
    if (requests.server === "" || requests.peer === "") throw new Error("bug in quorate: an empty certificate request");
    const [server, peer] = [this.#leaf(member, "server"), this.#leaf(member, "peer")];
    const ca = roots === undefined ? this.#trusted.join("") : await this.bundle(roots);
    return { generation: digestOf(server + peer), ca, server, peer };
  }

  async client(): Promise<ClientIdentity | undefined> {
    const folder = `/home/${this.name}/pki`;
    this.#client ??= {
      cert: this.#leaf("root", "client"),
      ca: this.#trusted.join(""),
      key: `${keyCanary} client`,
      probe: undefined,
      files: { ca: `${folder}/ca.pem`, cert: `${folder}/root.pem`, key: `${folder}/root-key.pem` },
    };
    return { ...this.#client, ca: this.#trusted.join("") };
  }

  async storedClient(): Promise<ClientIdentity | undefined> {
    return this.#client === undefined ? undefined : this.client();
  }

  judge(member: string, pair: { ca: string; server: string; peer: string }): TrustVerdict {
    const roots = casIn(pair.ca);
    const issuers = [...new Set([issuerIn(pair.server), issuerIn(pair.peer)])];
    const verdict = (state: TrustVerdict["state"], ...reasons: string[]): TrustVerdict => ({
      state,
      reasons,
      foreignCa: false,
      roots: roots.map(tagOf).sort(),
      issuers: issuers
        .filter((ca) => ca !== "")
        .map(tagOf)
        .sort(),
      notAfter: "2036-11-19T10:00:00.000Z",
    });
    if (roots.length === 0 || [...roots, ...issuers].some((ca) => ca !== "" && !this.#trusted.includes(ca)))
      return { ...verdict("wrong", "the CA on the host is not the one of the pki folder"), foreignCa: true };
    for (const [use, text] of [
      ["server", pair.server],
      ["peer", pair.peer],
    ] as const) {
      if (!text.startsWith(`${use} certificate `) || !text.includes(` of ${member} at `))
        return verdict("wrong", `the ${use} certificate is not one of ${member}`);
      if (!text.includes(` at ${this.#place(member)}, by: `))
        return verdict("outdated", `the ${use} certificate does not cover ${this.#place(member)}`);
    }
    return pair.server.includes("renewal due")
      ? verdict("renewal-due", "less than a third of its life is left")
      : verdict("ok");
  }
}
