/** The verbs: the table of contents of the command line. A verb's module is loaded when the verb is called. */
import type { Verb } from "./verb.js";

export interface VerbEntry {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  readonly load: () => Promise<Verb>;
}

export const verbs: readonly VerbEntry[] = [
  { name: "init", summary: "write a cluster file", load: async () => (await import("./verbs/init.js")).init },
  {
    name: "adopt",
    summary: "take over a cluster that somebody else built, as it is",
    load: async () => (await import("./verbs/adopt.js")).adopt,
  },
  { name: "plan", summary: "show what `up` would do", load: async () => (await import("./verbs/plan.js")).plan },
  {
    name: "up",
    alias: "apply",
    summary: "make the cluster as the file says, and prove it healthy",
    load: async () => (await import("./verbs/up.js")).up,
  },
  {
    name: "upgrade",
    summary: "take the cluster to another version of etcd, or back",
    load: async () => (await import("./verbs/upgrade.js")).upgrade,
  },
  {
    name: "undo",
    summary: "go back to what the file said before a run",
    load: async () => (await import("./verbs/undo.js")).undo,
  },
  {
    name: "stop",
    summary: "stop every member; the data stays",
    load: async () => (await import("./verbs/stop.js")).stop,
  },
  {
    name: "destroy",
    summary: "remove the cluster and its data",
    load: async () => (await import("./verbs/destroy.js")).destroy,
  },
  {
    name: "health",
    summary: "prove that every member can commit",
    load: async () => (await import("./verbs/health.js")).health,
  },
  {
    name: "status",
    summary: "show the cluster at a glance",
    load: async () => (await import("./verbs/status.js")).status,
  },
  {
    name: "advise",
    summary: "say what is wrong or risky with the cluster, and what to do",
    load: async () => (await import("./verbs/advise.js")).advise,
  },
  {
    name: "hash-check",
    summary: "see whether all members have the same data",
    load: async () => (await import("./verbs/hash-check.js")).hashCheck,
  },
  {
    name: "defrag",
    summary: "give back what is free in the database files",
    load: async () => (await import("./verbs/defrag.js")).defrag,
  },
  {
    name: "compact",
    summary: "forget superseded revisions",
    load: async () => (await import("./verbs/compact.js")).compact,
  },
  {
    name: "recover-space",
    summary: "make a full cluster writable again",
    load: async () => (await import("./verbs/recover-space.js")).recoverSpace,
  },
  {
    name: "rebuild",
    summary: "let a member with wrong data take it from the others",
    load: async () => (await import("./verbs/rebuild.js")).rebuild,
  },
  {
    name: "certs",
    summary: "show every certificate, or issue one",
    load: async () => (await import("./verbs/certs.js")).certs,
  },
  { name: "log", summary: "show what was done, run by run", load: async () => (await import("./verbs/log.js")).log },
  {
    name: "unlock",
    summary: "show who holds the lock, and take it away",
    load: async () => (await import("./verbs/unlock.js")).unlock,
  },
  {
    name: "export",
    summary: "print what other programs need",
    load: async () => (await import("./verbs/export.js")).exportVerb,
  },
  { name: "explain", summary: "explain an error code", load: async () => (await import("./verbs/explain.js")).explain },
  {
    name: "completion",
    summary: "print a completion script for a shell",
    load: async () => (await import("./verbs/completion.js")).completion,
  },
];
