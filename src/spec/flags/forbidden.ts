/** Flags that a cluster file may not set, and why: quorate sets them itself, or they put data or trust at risk. */

const words = (text: string): string[] => text.trim().split(/\s+/);
const all = (names: string, why: string, instead: string): [string, Forbidden][] =>
  words(names).map((name) => [name, { why, instead }]);

export interface Forbidden {
  readonly why: string;
  /** What to do instead. */
  readonly instead: string;
}

const forbidden: ReadonlyMap<string, Forbidden> = new Map([
  ...all("name", "is the member's name", "write it under `members`"),
  ...all("data-dir wal-dir", "is a path", "write it under `paths`"),
  ...all(
    "listen-peer-urls listen-client-urls listen-client-http-urls listen-metrics-urls",
    "differs from member to member",
    "write `listen` under the member's `client` or `peer`",
  ),
  ...all(
    "advertise-client-urls initial-advertise-peer-urls initial-cluster",
    "follows from the members",
    "write addresses and ports under `members`",
  ),
  ...all("initial-cluster-state", "follows from what the cluster is", "leave it out"),
  ...all("initial-cluster-token", "is the cluster's token", "write it as `etcd.token`"),
  ...all(
    `cert-file key-file trusted-ca-file client-cert-auth client-cert-file client-key-file peer-cert-file peer-key-file
     peer-trusted-ca-file peer-client-cert-auth peer-client-cert-file peer-client-key-file peer-cert-allowed-cn`,
    "follows from the TLS part",
    "write certificates under `tls`",
  ),
  ...all("config-file", "makes etcd ignore every other flag", "write the settings here"),
  ...all(
    `discovery discovery-fallback discovery-proxy discovery-srv discovery-srv-name discovery-cacert discovery-cert
     discovery-dial-timeout discovery-endpoints discovery-insecure-skip-tls-verify discovery-insecure-transport
     discovery-keepalive-time discovery-keepalive-timeout discovery-key discovery-password discovery-request-timeout
     discovery-token discovery-user`,
    "asks somebody else who the members are",
    "the members stand in this file",
  ),
  ...all(
    "proxy proxy-dial-timeout proxy-failure-wait proxy-read-timeout proxy-refresh-interval proxy-write-timeout",
    "makes a proxy of a member",
    "leave it out",
  ),
  ...all(
    "auto-tls peer-auto-tls self-signed-cert-validity",
    "makes certificates that prove nothing and are never renewed",
    "leave it out: quorate makes certificates",
  ),
  ...all(
    "peer-skip-client-san-verification experimental-peer-skip-client-san-verification",
    "lets any holder of a certificate join from anywhere",
    "list the addresses under `tls.sans`",
  ),
  ...all("force-new-cluster", "throws the other members out and can lose data", "leave it out"),
  ...all("unsafe-no-fsync", "loses acknowledged writes when a machine loses power", "leave it out"),
  ...all("next-cluster-version-compatible", "belongs to a downgrade in progress", "leave it out"),
]);

export const forbiddenFlag = (name: string): Forbidden | undefined => forbidden.get(name);
