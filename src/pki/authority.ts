/**
 * The cluster's trust: one CA, the pairs it issued, and what is wrong with any of them. The CA key never leaves the
 * operator's machine.
 */
export interface Authority {
  /** The CA certificate(s) in PEM, or undefined when none was made or given yet. Never makes one. */
  trusted(): Promise<string | undefined>;
  /** The stored set of a member, or undefined. Never issues. */
  stored(member: string): Promise<MemberTrust | undefined>;
  /** Make the CA when there is none, and issue the member's set unless the stored one is fit. Idempotent. */
  issue(member: string): Promise<MemberTrust>;
  /** Sign a member's requests whose keys stay on the host (PEM requests in, certificates out). */
  sign(
    member: string,
    requests: { server: string; peer: string },
  ): Promise<{ generation: string; ca: string; server: string; peer: string }>;
  /** quorate's own client identity, made at first use; undefined for a plaintext cluster. */
  client(): Promise<ClientIdentity | undefined>;
  /** Like client(), but undefined when it does not exist yet. Never issues. */
  storedClient(): Promise<ClientIdentity | undefined>;
  /** Pure judgement of a certificate that a host shows, against this authority and the spec. */
  judge(member: string, pair: { ca: string; server: string; peer: string }, now: number): TrustVerdict;
}

export interface MemberTrust {
  /** Names this set: the first 16 hex digits of a digest over its certificates. The folder on the host is called so. */
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

export interface TrustVerdict {
  readonly state: "ok" | "renewal-due" | "wrong";
  /** Why, one line each; empty when ok. */
  readonly reasons: readonly string[];
  /**
   * True when the set leads to another CA than this authority's: mending it would change what a running member trusts.
   */
  readonly foreignCa: boolean;
  /** ISO 8601 of the earliest end of the set. */
  readonly notAfter: string | undefined;
  /** False when quorate cannot make a better set: the pair was given, or the CA's key is not here. Absent: it can. */
  readonly renewable?: boolean;
}
