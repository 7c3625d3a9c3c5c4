/** WHAT IS: everything that was seen at one instant. A fact may be unknown, and unknown is never "absent". */
import type { Alarm, MemberListing, MemberStatus } from "../etcd/cluster.js";
import type { HostObservation } from "../host/host.js";
import type { AuthObservation } from "./auth.js";
import type { Anchors, ListVerdict, TrustVerdict } from "../pki/authority.js";

export interface Observation {
  /** Milliseconds since the epoch, operator's clock. */
  readonly at: number;
  /** By member name. */
  readonly hosts: Readonly<Record<string, HostObservation>>;
  readonly etcd: Readonly<Record<string, EndpointObservation>>;
  /** Judgement of the certificates that each host has; no entry when the host has none. */
  readonly trust: Readonly<Record<string, TrustVerdict>>;
  /** Judgement of the list of revoked certificates that each host has; no entry when it has none. */
  readonly lists?: Readonly<Record<string, ListVerdict>>;
  /** Members are to read such a list. */
  readonly revokes?: boolean;
  /** Absent without TLS. */
  readonly anchors?: Anchors | undefined;
  /** Absent when the file says nothing of users. */
  readonly auth?: AuthObservation | undefined;
}

/** What one member's client API said. */
export type EndpointObservation =
  | {
      readonly state: "serving";
      readonly status: MemberStatus;
      /** Serializable: this member's own view. */
      readonly listing: MemberListing | undefined;
      readonly alarms: readonly Alarm[];
    }
  | { readonly state: "silent"; readonly why: string; readonly kind: string }
  /** It serves, and does not tell this user how it is: authentication is on. */
  | { readonly state: "denied"; readonly why: string }
  /** There is no client certificate to ask with, so nobody can know. */
  | { readonly state: "not-asked" };
