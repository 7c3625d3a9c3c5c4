/** Who can get in. The benchmark meant is the CIS Kubernetes Benchmark, parts 1.1 and 2. */
import { ofMembers, type Advice, type Judge } from "../advice.js";
import type { AdvisedMember } from "../input.js";

const security = "etcd.io/docs, op-guide/security";
type Settings = NonNullable<AdvisedMember["settings"]>;
type Said = Omit<Advice, "member">;

const on = (settings: Settings, name: string): boolean => settings[name] === "true";
const urls = (settings: Settings, name: string): string[] =>
  (settings[name] ?? "").split(",").filter((url) => url !== "");
const isLoopback = (url: string): boolean => /^https?:\/\/(127\.[\d.]+|localhost|\[::1\])(:|\/|$)/.test(url);

const roles = [
  { role: "clients", listen: "listen-client-urls", prefix: "", auto: "auto-tls", cis: "CIS 2.1, 2.2" },
  { role: "peers", listen: "listen-peer-urls", prefix: "peer-", auto: "peer-auto-tls", cis: "CIS 2.4, 2.5" },
] as const;

export const exposure: Judge = (cluster) => [
  ...roles.flatMap(({ role, listen, prefix, auto, cis }) => [
    ...spoken(cluster, (settings): Said | undefined => {
      const open = urls(settings, listen).filter((url) => url.startsWith("http://"));
      if (open.length === 0) return undefined;
      return {
        ...{ id: `plaintext-${role}`, severity: open.every(isLoopback) ? "note" : "critical" },
        what: `listens for ${role} without TLS at ${open.join(", ")}`,
        why:
          role === "peers"
            ? "whoever reaches it can read everything and take part"
            : "whoever reaches it can read and write everything",
        ...{ do: "remove `tls: off` from the cluster file", source: `${security}; ${cis}` },
      };
    }),
    ...spoken(cluster, (settings): Said | undefined => {
      const secured = settings[`${prefix}cert-file`] !== undefined || on(settings, auto);
      const asks = settings[`${prefix}trusted-ca-file`] !== undefined || on(settings, `${prefix}client-cert-auth`);
      if (!secured || asks) return undefined;
      return {
        ...{ id: `no-certificate-asked-of-${role}`, severity: "critical", what: `asks ${role} for no certificate` },
        why: "the connection is secret, and anybody may open one",
        ...{ do: `set ${prefix}client-cert-auth and ${prefix}trusted-ca-file`, source: `${security}; ${cis}` },
      };
    }),
    ...spoken(cluster, (settings): Said | undefined => {
      const half = settings[`${prefix}trusted-ca-file`] !== undefined && !on(settings, `${prefix}client-cert-auth`);
      if (!half || settings[`${prefix}cert-file`] === undefined) return undefined;
      return {
        ...{
          id: `client-cert-auth-off-${role}`,
          severity: "note",
          what: `has ${prefix}trusted-ca-file without ${prefix}client-cert-auth`,
        },
        why: "certificates are demanded all the same, but the benchmark asks for the flag, and a CN is no user without it",
        ...{ do: `set ${prefix}client-cert-auth`, source: `client/pkg/transport/listener.go; ${cis}` },
      };
    }),
    ...spoken(cluster, (settings): Said | undefined =>
      on(settings, auto)
        ? {
            ...{ id: auto, severity: "critical", what: `runs with ${auto}` },
            why: "the certificates are made up by each member: they prove nothing and are never renewed",
            ...{ do: "give it certificates of a CA", source: `${security}; CIS ${role === "peers" ? "2.6" : "2.3"}` },
          }
        : undefined,
    ),
  ]),
  ...spoken(cluster, (settings): Said | undefined => {
    const ca = settings["trusted-ca-file"];
    const narrowed =
      settings["peer-cert-allowed-cn"] !== undefined || settings["peer-cert-allowed-hostname"] !== undefined;
    if (ca === undefined || ca !== settings["peer-trusted-ca-file"] || narrowed) return undefined;
    return {
      ...{ id: "clients-open-peer-port", severity: "warn", what: "trusts the same CA for clients and for peers" },
      why: "a client's certificate opens the peer port too, and with it all data",
      ...{ do: "set peer-cert-allowed-cn, or use another CA for peers", source: `${security}; CIS 2.7` },
    };
  }),
  ...spoken(cluster, (settings): Said | undefined =>
    on(settings, "peer-skip-client-san-verification") || on(settings, "experimental-peer-skip-client-san-verification")
      ? {
          ...{
            id: "peer-names-unchecked",
            severity: "warn",
            what: "does not compare a peer's certificate with its address",
          },
          why: "any holder of a peer certificate can come from anywhere",
          ...{ do: "list the addresses in the certificates, and remove the setting", source: security },
        }
      : undefined,
  ),
  ...spoken(cluster, (settings): Said | undefined => {
    const open = urls(settings, "listen-metrics-urls").filter((url) => url.startsWith("http://") && !isLoopback(url));
    if (open.length === 0) return undefined;
    return {
      ...{ id: "metrics-open", severity: "note", what: `shows its metrics without TLS at ${open.join(", ")}` },
      why: "they tell names, sizes and load to whoever reaches them",
      ...{ do: "let a firewall keep them to whoever collects them", source: security },
    };
  }),
];

function spoken(cluster: Parameters<Judge>[0], speaks: (settings: Settings) => Said | undefined): Advice[] {
  return ofMembers(cluster, ({ settings }) => (settings === undefined ? undefined : speaks(settings)));
}
