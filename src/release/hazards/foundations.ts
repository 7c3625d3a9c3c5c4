/** What has to be right from the beginning, whatever the version. */
import type { Hazard } from "./hazard.js";

export const foundations: readonly Hazard[] = [
  {
    id: "start-together",
    triggers: ["create"],
    severity: "check",
    detectedBy: "order-of-steps",
    detection: "no first member is waited for before a majority was started",
    text: "a first member reports that it is ready only with a quorum; a supervisor that waits for it kills it in the end",
    next: "start the members without waiting",
    source: "etcd-io/etcd#13526",
  },
  {
    id: "half-formed",
    triggers: ["create"],
    severity: "check",
    detectedBy: "data-folder",
    detection: "data folders are empty, or all of one cluster",
    text: "data of a first start that failed, or a token used before, lets members of two clusters meet",
    next: "empty every data folder and take a new `etcd.token`",
    source: "etcd.io/docs, op-guide/failures",
  },
  {
    id: "peer-certificate-uses",
    triggers: ["create", "run", "rotate-ca"],
    severity: "check",
    detectedBy: "certificates",
    detection: "peer certificates allow both server and client use, and name the address that the member dials from",
    text: "a peer is both server and client; without both uses and its address it is refused by its neighbours",
    next: "issue the peer certificates again",
    source: "etcd.io/docs, op-guide/security",
  },
  {
    id: "corruption-unseen",
    triggers: ["create", "run"],
    severity: "check",
    detectedBy: "settings",
    detection: "InitialCorruptCheck and CompactHashCheck, or the flags of older lines, are on",
    text: "without the checks etcd does not notice that members hold different data",
    next: "leave quorate's defaults as they are",
    source: "etcd.io/docs, op-guide/data_corruption",
  },
  {
    id: "timing",
    triggers: ["create", "run"],
    severity: "check",
    detectedBy: "settings",
    detection:
      "heartbeat-interval and election-timeout are the same everywhere, and the latter at least five times the former",
    text: "members with different timing elect leaders against each other",
    next: "give every member the same; ten round trips are a good election timeout",
    source: "etcd.io/docs, tuning",
  },
];
