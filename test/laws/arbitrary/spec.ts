import fc from "fast-check";
import type { Spec } from "../../../src/spec/spec.js";
import { sampleSpec, type SampleSpecOptions } from "../../../src/testing/sample-spec.js";

/** Versions whose flags differ. */
export const versions = ["3.4.23", "3.5.2", "3.5.30", "3.6.14"] as const;

export const anySpec: fc.Arbitrary<Spec> = fc
  .record({
    name: fc.constantFrom("tutorial", "k8s", "a-b.c"),
    members: fc.integer({ min: 1, max: 5 }),
    tls: fc.boolean(),
    kind: fc.constantFrom("systemd" as const, "process" as const),
    version: fc.constantFrom(...versions),
    settings: fc.constantFrom<Spec["etcd"]["settings"]>(
      {},
      { "quota-backend-bytes": "8589934592" },
      { "heartbeat-interval": "50", "election-timeout": "500" },
    ),
    keysOn: fc.constantFrom("operator" as const, "host" as const),
    wal: fc.boolean(),
    former: fc.constantFrom(0, 0, 0, 1, 2),
  })
  .map(leftBy);

/** Members that the file has named once, and names no longer. */
export function leftBy({ members = 3, former, ...options }: SampleSpecOptions & { readonly former: number }): Spec {
  const spec = sampleSpec({ ...options, members: members + former });
  return { ...spec, members: spec.members.slice(0, members), former: spec.members.slice(members) };
}
