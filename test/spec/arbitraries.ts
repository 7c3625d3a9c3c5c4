/** Random cluster files that are right, and the machine that they are read on. */
import fc from "fast-check";
import type { Draft, DraftMember, DraftTls } from "../../src/spec/draft.js";
import { surroundings } from "./reading.js";

/** Every file that is named exists. */
export const machine = { ...surroundings, inspect: () => ({ kind: "file", worldWritable: false }) as const };

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
const text = fc
  .string({ minLength: 1, maxLength: 20, unit: "grapheme" })
  .filter((each) => !/\p{Cc}/u.test(each) && each.trim() !== "");
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const addressAt = (kind: number, index: number): string =>
  [`10.${index}.3.7`, `fd00::${index + 1}`, `[fd00:0::a:${index + 1}]`, `Host-${index}.example.`.slice(0, -1)][
    kind % 4
  ] ?? "";

const port = fc.integer({ min: 1024, max: 30_000 });

const member = (index: number): fc.Arbitrary<DraftMember> =>
  fc
    .record({
      suffix: fc.stringMatching(/^[a-zA-Z0-9._-]{0,6}$/).filter((each) => !each.includes("..")),
      kind: fc.nat(3),
      ports: maybe(fc.tuple(port, fc.integer({ min: 30_001, max: 65_535 }))),
      ssh: maybe(
        fc.record(
          {
            user: word,
            port: port.map(String),
            identity: fc.constant("~/.ssh/id"),
            become: fc.constantFrom("none", "sudo", "sudo-password"),
          },
          { requiredKeys: [] },
        ),
      ),
      wal: maybe(fc.constant("/wal/etcd")),
    })
    .map(({ suffix, kind, ports, ssh, wal }) => ({
      name: `m${index}${suffix}`,
      address: addressAt(kind, index),
      ...(ports === undefined ? {} : { client: { port: String(ports[0]) }, peer: { port: String(ports[1]) } }),
      ...(ssh === undefined ? {} : { ssh }),
      ...(wal === undefined ? {} : { paths: { wal } }),
    }));

const tls: fc.Arbitrary<DraftTls | "off"> = fc.oneof(
  fc.constant("off" as const),
  fc.record(
    {
      algorithm: fc.constantFrom("ecdsa-p256", "rsa-4096", "ed25519"),
      subject: fc.record({ C: fc.constant("JP"), O: text, OU: text }, { requiredKeys: [] }),
      sans: fc.array(fc.constantFrom("etcd.example", "*.etcd.example", "192.0.2.1", "fd00::99"), { maxLength: 3 }),
      validity: fc.record({ leaf: fc.constantFrom("1d", "365d", "52w", "8760h", "10y") }),
      "renew-at": fc.constantFrom("0.5", ".1", "33%"),
      keys: fc.constantFrom("operator", "host"),
    },
    { requiredKeys: [] },
  ),
  fc.constant({ ca: { cert: "/ca.pem" }, certificates: { cert: "/etcd.pem", key: "/etcd-key.pem" } }),
  fc.constant({ ca: { cert: "pki/ca.pem", key: "~/ca-key.pem" } }),
);

const settings = fc.record(
  {
    "quota-backend-bytes": fc.constantFrom("8GiB", "2147483648", "512MB"),
    "auto-compaction-retention": fc.constantFrom("1h", "90m", "0"),
    "heartbeat-interval": fc.constantFrom("100", "50ms"),
    "election-timeout": fc.constantFrom("1s", "2500"),
    "cipher-suites": fc.constant(["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"]),
    "pre-vote": fc.constantFrom("true", "false"),
    "log-outputs": text.map((each) => `/var/log/${each}`),
  },
  { requiredKeys: [] },
);

export const anyDraft: fc.Arbitrary<Draft> = fc.constantFrom(1, 2, 3, 5, 7).chain((count) =>
  fc
    .record({
      name: word,
      members: fc.tuple(...Array.from({ length: count }, (_, index) => member(index))),
      etcd: maybe(fc.record({ version: fc.constant("3.5.30"), settings, token: word }, { requiredKeys: [] })),
      tls: maybe(tls),
      service: maybe(
        fc.record(
          { unit: word, user: word, "open-files": fc.constant("40000"), "memory-max": fc.constant("2GiB") },
          { requiredKeys: [] },
        ),
      ),
      release: maybe(
        fc.record(
          {
            from: fc.constant("./etcd"),
            mirror: fc.constant("https://mirror.example/etcd/"),
            suites: fc.constant(["trixie"]),
          },
          { requiredKeys: [] },
        ),
      ),
      consumers: maybe(
        fc.record(
          { "cluster-cidr": fc.constant("10.1.0.0/16"), "flannel-prefix": fc.constant("/coreos.com/network") },
          { requiredKeys: [] },
        ),
      ),
      state: maybe(fc.constantFrom("records", "/srv/records", "~/records")),
      hosts: maybe(fc.constantFrom("ssh" as const)),
    })
    .map(({ name, members, ...rest }) => ({
      name,
      members: [...members],
      ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
      ...(count === 2 ? { "allow-even": "true" } : {}),
      ...(count === 1 ? { "allow-single": "true" } : {}),
    })),
);
