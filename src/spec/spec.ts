/**
 * What the user wants, fully resolved: every default filled in, every name checked, frozen. Everything else in the
 * product reads this and nothing reads cluster.yaml again.
 */
import type { AuthSpec } from "./auth-spec.js";

export interface Spec {
  /** Cluster name: letters, digits, dots and dashes. */
  readonly name: string;
  /** --initial-cluster-token; defaults to the cluster name. */
  readonly token: string;
  /** Absolute path of the file this came from. */
  readonly file: string;
  /** Absolute folder for the operator's own records: pki/, runs/, and for local clusters members/. Mode 0700. */
  readonly stateDir: string;
  readonly etcd: EtcdSpec;
  readonly members: readonly MemberSpec[];
  /**
   * Members that the file names no longer, or elsewhere, while quorate still knows their hosts. Comes from the operator's
   * records, not from the file; their names are made unique.
   */
  readonly former: readonly MemberSpec[];
  /** undefined: plaintext, which the file must ask for by name (`tls: off`). */
  readonly tls: TlsSpec | undefined;
  readonly service: ServiceSpec;
  /** Users and roles of etcd; absent: they are none of quorate's business. */
  readonly auth?: AuthSpec | undefined;
  readonly release: ReleaseSpec;
  /** For `export env`: values of the tutorial's environment.sh that etcd itself does not need. */
  readonly consumers: ConsumersSpec;
}

/** Those that are wanted, and those that are to go. */
export const everyone = ({ members, former }: Spec): readonly MemberSpec[] =>
  former.length === 0 ? members : [...members, ...former];

export interface EtcdSpec {
  /** Exact version such as "3.5.30"; undefined: what the cluster runs, or else the newest that the sources offer. */
  readonly version: string | undefined;
  /** Further etcd settings, by flag name without dashes, for example `quota-backend-bytes: "8589934592"`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names of hazards between versions that the operator takes on. */
  readonly accept: readonly string[];
}

export interface MemberSpec {
  /** --name. */
  readonly name: string;
  /** IP address or host name that stands in the member's URLs and certificates. */
  readonly address: string;
  readonly client: Endpoint;
  readonly peer: Endpoint;
  readonly host: HostSpec;
  readonly paths: PathsSpec;
}

/** One listener: what others dial and what etcd binds. */
export interface Endpoint {
  /** Advertised host: IP address (no brackets) or host name. */
  readonly address: string;
  readonly port: number;
  /** Advertised URL, for example https://10.64.3.7:2379 or https://[fd00::7]:2379. */
  readonly url: string;
  /** URLs that etcd listens on: IP addresses only; client endpoints include loopback. */
  readonly listen: readonly string[];
}

export type HostSpec =
  | { readonly kind: "local" }
  | {
      readonly kind: "ssh";
      /** As the operator would type it after `ssh`: a name of ~/.ssh/config or an address. */
      readonly host: string;
      readonly user: string | undefined;
      readonly port: number | undefined;
      readonly identity: string | undefined;
      readonly jump: string | undefined;
      /** How root is had: already root, `sudo -n`, or sudo with a password that the operator is asked for. */
      readonly become: "none" | "sudo" | "sudo-password";
      /** How etcd's own ports are reached from here: as they are, or through the host's ssh. */
      readonly ports: "direct" | "tunnel";
    };

/** Absolute paths on the member's machine. */
export interface PathsSpec {
  /** --data-dir. */
  readonly data: string;
  /** Holds --wal-dir, as its folder `wal`; undefined: inside data. */
  readonly wal: string | undefined;
  /** Holds one folder per generation of certificates, and the link `live` to the one in use. */
  readonly certificates: string;
  /** Holds one folder per release, etcd-v3.5.30, and the link `current`. */
  readonly binaries: string;
  /** The unit file (ssh hosts) or the run script (local). */
  readonly unit: string;
  /** quorate's own records on the host: the lock, the journal, the member's mark. */
  readonly state: string;
}

export type KeyAlgorithm = "ecdsa-p256" | "ecdsa-p384" | "rsa-2048" | "rsa-3072" | "rsa-4096" | "ed25519";

export interface TlsSpec {
  readonly algorithm: KeyAlgorithm;
  /** Distinguished-name fields besides CN, as in a cfssl request. */
  readonly subject: {
    readonly C?: string;
    readonly ST?: string;
    readonly L?: string;
    readonly O?: string;
    readonly OU?: string;
  };
  /** Extra names for every server certificate. */
  readonly sans: readonly string[];
  readonly caDays: number;
  readonly leafDays: number;
  /** A leaf is due for renewal when less than this share of its lifetime is left (0–1). */
  readonly renewAt: number;
  /** The CA: our own, made at first use, or a given one. Absolute paths. */
  readonly ca:
    | { readonly kind: "own" }
    | { readonly kind: "given"; readonly cert: string; readonly key: string | undefined };
  /**
   * Leaf pairs given instead of issued, by member name; the tutorial's one shared pair stands under every member.
   * Absolute paths.
   */
  readonly given: Readonly<Record<string, { readonly cert: string; readonly key: string }>> | undefined;
  /** A given client pair for quorate itself (and etcdctl), when leaves are given and the CA's key is not. */
  readonly givenClient: { readonly cert: string; readonly key: string } | undefined;
  /** Where leaf keys are made. */
  readonly keysOn: "operator" | "host";
  /**
   * Any certificate of the CA opens the peer port, also one whose common name is not the peers'. Members that were built
   * elsewhere have such certificates, and must not be locked out by the first one that is taken over.
   */
  readonly anyPeer?: boolean | undefined;
  /** Common name of certificates among members; absent: peerCommonName of the cluster's name. */
  readonly peerName?: string | undefined;
  /** Whether members read a list of revoked certificates; absent: as soon as one was revoked. */
  readonly revocation?: boolean | undefined;
  /** They do. Comes from the file or, where that says nothing, from the operator's records. */
  readonly revokes?: true | undefined;
  /** What is wanted next while CAs change. Comes from the planner, not from the file; absent while there is but one CA. */
  readonly phase?: TrustPhase | undefined;
}

/** CAs by fingerprint, sorted. */
export interface TrustPhase {
  /** That every member is to trust. */
  readonly roots: readonly string[];
  /** Whether processes tell which CAs they have read. Those of the first CA do not: they were started before there was another. */
  readonly noted: boolean;
  /** Certificates of the CA before are to be replaced. */
  readonly renew: boolean;
  /** Which of them signs now. */
  readonly issuer: "wanted" | "former";
}

export interface ServiceSpec {
  readonly kind: "systemd" | "process";
  /** systemd unit name without .service. */
  readonly unit: string;
  readonly user: string;
  readonly group: string;
  /** LimitNOFILE. */
  readonly openFiles: number;
  /** MemoryMax, bytes; undefined: none. */
  readonly memoryMax: number | undefined;
}

export type ReleaseSource = "given" | "cache" | "official" | "distribution" | "build";

export interface ReleaseSpec {
  /** Sources in the order they are tried. */
  readonly sources: readonly ReleaseSource[];
  /** A folder of binaries or a release archive, absolute. */
  readonly given: string | undefined;
  /** Base URL laid out like the official release site: BASE/v3.5.30/etcd-v3.5.30-linux-amd64.tar.gz. */
  readonly mirror: string;
  /** Distribution suites to look in besides the machine's own. */
  readonly suites: readonly string[];
}

export interface ConsumersSpec {
  readonly flannelPrefix: string;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
}
