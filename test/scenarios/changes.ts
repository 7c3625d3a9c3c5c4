/** Changes to a running cluster: what the file said, what has happened since, and what it says now. */
import type { AttemptOptions } from "../../src/testing/attempt.js";
import type { FakeWorld } from "../../src/testing/fake-world.js";
import { sampleSpec, type SampleSpecOptions } from "../../src/testing/sample-spec.js";
import type { Spec } from "../../src/spec/spec.js";

export interface Change {
  readonly label: string;
  readonly from: Spec;
  /** Before the change is asked for. */
  readonly happen?: (world: FakeWorld) => unknown;
  readonly to: Spec;
  readonly options?: Pick<AttemptOptions, "downtime" | "remove">;
}

const plain = (options: SampleSpecOptions = {}): Spec => sampleSpec({ tls: false, ...options });

/** Of a large sample, the members that are named. */
export function only(names: string, options: SampleSpecOptions = {}): Spec {
  const spec = plain({ ...options, members: 12 });
  return { ...spec, members: spec.members.filter(({ name }) => names.includes(name)) };
}

/** Members that live on other machines than their names say. */
export function housed(homes: Readonly<Record<string, string>>, options: SampleSpecOptions = {}): Spec {
  const spec = plain({ ...options, members: 12 });
  const members = Object.entries(homes).flatMap(([name, home]) =>
    spec.members.filter((member) => member.name === home).map((member) => ({ ...member, name })),
  );
  return { ...spec, members };
}

/** With users and roles, who come with certificates and with passwords. */
function guarded(spec: Spec): Spec {
  const password = { kind: "env", name: "APP_PASSWORD" } as const;
  const users = { root: { roles: ["root"], password: undefined }, app: { roles: ["app"], password } };
  return { ...spec, auth: { enabled: true, exclusive: true, roles: { app: ["readwrite /app/*"] }, users } };
}

const turnedOff = (spec: Spec): Spec => ({ ...spec, auth: spec.auth && { ...spec.auth, enabled: false } });

export const changes: readonly Change[] = [
  { label: "settings", from: plain(), to: plain({ settings: { "heartbeat-interval": "50" } }) },
  {
    label: "setting-of-one",
    from: only("a"),
    to: only("a", { settings: { "snapshot-count": "5000" } }),
    options: { downtime: true },
  },
  { label: "one-to-three", from: only("a"), to: only("abc") },
  { label: "three-to-five", from: only("abc"), to: only("abcde") },
  { label: "five-to-three-without-the-leader", from: only("abcde"), to: only("abc") },
  { label: "three-to-one", from: only("abc"), to: only("c") },
  { label: "dead-host-replaced", from: only("abc"), happen: ({ machine }) => machine("c").powerOff(), to: only("abd") },
  { label: "living-member-replaced", from: only("abc"), to: only("abd") },
  { label: "disk-lost", from: only("abc"), happen: ({ machine }) => machine("c").loseData(), to: only("abc") },
  {
    label: "former-host-away",
    from: only("abcd"),
    happen: ({ machine }) => (machine("d").reachable = false),
    to: only("abc"),
  },
  { label: "patch-release", from: plain({ version: "3.5.29" }), to: plain({ version: "3.5.30" }) },
  {
    label: "address",
    from: only("abc"),
    happen: (world) => moveHouse(world, "b", "h"),
    to: housed({ a: "a", b: "h", c: "c" }),
  },
  { label: "new-hosts-for-all", from: only("abc"), to: housed({ a: "f", b: "g", c: "h" }) },
  {
    label: "grows-with-other-settings",
    from: only("abc"),
    to: only("abcde", { settings: { "heartbeat-interval": "50" } }),
  },
  { label: "authentication-on", from: plain(), to: guarded(plain()) },
  {
    label: "disk-lost-with-authentication",
    from: guarded(only("abc")),
    happen: ({ machine }) => machine("c").loseData(),
    to: guarded(only("abc")),
  },
  { label: "authentication-off", from: guarded(plain()), to: turnedOff(guarded(plain())) },
];

/** The machine gets the address of another sample member. */
function moveHouse({ machine }: FakeWorld, name: string, home: string): void {
  machine(name).moveTo(plain({ members: 12 }).members.find((member) => member.name === home)?.address ?? "");
}
