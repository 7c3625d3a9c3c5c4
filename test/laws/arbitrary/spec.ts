import fc from "fast-check";
import type { Spec } from "../../../src/spec/spec.js";
import { sampleSpec } from "../../../src/testing/sample-spec.js";

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
  })
  .map(sampleSpec);
