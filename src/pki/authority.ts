/**
 * The cluster's trust: one CA, the pairs it issued, and what is wrong with any of them. The CA key never leaves the
 * operator's machine.
 */
export interface Authority {
  /**
   * The CA certificates that quorate trusts, in PEM: the wanted CA's, and while CAs change those of the one before.
   * undefined when none was made or given yet. Never makes one.
   */
  trusted(): Promise<string | undefined>;
  /** Which CAs there are, and who is yet to change. Never makes anything. */
  anchors(): Promise<Anchors>;
  /** The certificates of these CAs, in PEM. @throws QuorateError E_CA_UNKNOWN */
  bundle(roots: readonly string[]): Promise<string>;
  /**
   * New certificates for the keys that a member has, of which its present certificates tell. What was signed and never
   * reached the member is not signed again. @throws QuorateError E_CERT_CHAIN for a key that is none of this cluster
   */
  renew(member: string, shown: { server: string; peer: string }): Promise<{ server: string; peer: string }>;
  /** Sign with the wanted CA from now on, quorate's own client certificate first. Idempotent. */
  adoptCa(): Promise<void>;
  /** Trust the wanted CA alone from now on. Idempotent. */
  forgetCas(): Promise<void>;
  /**
   * Shake hands with listeners as a client, or a peer, with a certificate of the wanted CA. @param shown the listener
   * must show a certificate of the wanted CA too @returns what is wrong, one line each
   */
  prove(listeners: readonly Listener[], shown: boolean): Promise<string[]>;
  /** The stored set of a member, or undefined. Never issues. */
  stored(member: string): Promise<MemberTrust | undefined>;
  /**
   * Make the CA when there is none, and issue the member's set unless the stored one is fit. Idempotent.
   * @param roots CAs that the member is to trust; all that quorate trusts unless told
   */
  issue(member: string, roots?: readonly string[]): Promise<MemberTrust>;
  /** Sign a member's requests whose keys stay on the host (PEM requests in, certificates out). */
  sign(
    member: string,
    requests: { server: string; peer: string },
    roots?: readonly string[],
  ): Promise<{ generation: string; ca: string; server: string; peer: string }>;
  /** quorate's own client identity, made at first use; undefined for a plaintext cluster. */
  client(): Promise<ClientIdentity | undefined>;
  /** Like client(), but undefined when it does not exist yet. Never issues. */
  storedClient(): Promise<ClientIdentity | undefined>;
  /** Whether members are to read a list of revoked certificates. */
  revokes(): boolean;
  /** That list, in DER: the stored one while it is fit, or a new one of the CA that signs. Idempotent. */
  revocations(): Promise<{ readonly sha256: string; readonly bytes: Uint8Array }>;
  /** Judgement of the list that a host has, by its digest. */
  judgeList(sha256: string, now: number): ListVerdict;
  /** Pure judgement of a certificate that a host shows, against this authority and the spec. */
  judge(member: string, pair: { ca: string; server: string; peer: string }, now: number): TrustVerdict;
}

/** CAs by the first 12 hex digits of their certificates' SHA-256 fingerprints, each list sorted. */
export interface Anchors {
  /** With which the cluster was made. */
  readonly first: readonly string[];
  /** Which it is to have. Empty while there is none yet. */
  readonly wanted: readonly string[];
  /** All that quorate trusts. */
  readonly trusted: readonly string[];
  /** One of them signs. */
  readonly signing: readonly string[];
  /** Clients whose certificate is still one of a CA that is not wanted, by the name they were issued under. */
  readonly waiting: readonly string[];
}

export interface Listener {
  readonly url: string;
  readonly kind: "client" | "peer";
}

export interface MemberTrust {
  /**
   * Names this set: the first 16 hex digits of a digest over its public keys, since its certificates may be renewed. The
   * folder on the host is called so.
   */
  readonly generation: string;
  /** File name → content. Keys are wrapped so that they cannot be printed. */
  readonly files: readonly TrustFile[];
}

export interface TrustFile {
  readonly name: "ca.pem" | "server.pem" | "server-key.pem" | "peer.pem" | "peer-key.pem";
  /** "0600" for keys, "0644" for the rest. */
  readonly mode: string;
  readonly sha256: string;
  readonly bytes: () => Promise<Uint8Array>;
}

export interface ClientIdentity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** A certificate of the peers' CN without names, for asking a peer listener whether it serves. */
  readonly probe: { readonly cert: string; readonly key: string } | undefined;
  /** Absolute paths of the same, for `export etcdctl`. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
}

/**
 * former: good, and signed by a CA that is to go. stale: to be replaced by a newer one. foreign: one that the operator's
 * records do not know, so it may name certificates that they do not.
 */
export type ListVerdict = "current" | "former" | "stale" | "foreign";

export interface TrustVerdict {
  /** outdated: of this cluster and for the keys that are there, but no longer with the right names, uses or dates. */
  readonly state: "ok" | "renewal-due" | "outdated" | "wrong";
  /** Why, one line each; empty when ok. */
  readonly reasons: readonly string[];
  /**
   * True when the set leads to another CA than this authority's: mending it would change what a running member trusts.
   */
  readonly foreignCa: boolean;
  /** CAs in the set's file of trusted ones, as in Anchors; sorted. */
  readonly roots?: readonly string[];
  /** CAs that the set's certificates lead to; sorted. */
  readonly issuers?: readonly string[];
  /** ISO 8601 of the earliest end of the set. */
  readonly notAfter: string | undefined;
  /** False when quorate cannot make a better set: the pair was given, or the CA's key is not here. Absent: it can. */
  readonly renewable?: boolean;
}
