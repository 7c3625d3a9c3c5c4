/** Settings whose place another one took, with other words for its values. They go one way only: up. */

export interface Twin {
  readonly name: string;
  readonly value: string;
}

/** The setting to give in place of one that a version no longer has; undefined: there is none. */
export function twinOf(name: string, value: string): Twin | undefined {
  if (name === "debug" && value === "true") return { name: "log-level", value: "debug" };
  if (name === "log-output") return { name: "log-outputs", value };
  return undefined;
}

/** What to do about a setting that has no twin, by name without `experimental-`. */
const alternatives: Readonly<Record<string, string>> = {
  "enable-v2": "move the clients to the v3 API and remove the line; etcd serves no v2 API from 3.6",
  "enable-v2v3": "move the clients to the v3 API and remove the line; etcd serves no v2 API from 3.6",
  "log-package-levels": "write `log-level`: from 3.5 there is one level for all packages",
  "log-format": "remove the line: before 3.6 etcd logs JSON",
  "max-learners": "write 1 or remove the line: before 3.6 there can be one learner at a time",
  proxy: "run `etcd grpc-proxy` beside the cluster and remove the line",
  discovery: "name the members in the cluster file and remove the line",
  "discovery-proxy": "name the members in the cluster file and remove the line",
};

export const alternativeTo = (concept: string): string | undefined =>
  alternatives[concept.startsWith("proxy-") ? "proxy" : concept];
