/** How long there is a way back from a move, in words. */
import { compareVersions, lineOf } from "./versions.js";

export type MoveKind = "patch" | "upgrade" | "downgrade" | "roll-back";

/** @param from the version that is left @param to the version that is moved to */
export function rollBackWindow(kind: MoveKind, from: string, to: string): string {
  const [before, after] = [lineOf(from), lineOf(to)];
  switch (kind) {
    case "patch":
      return `at any time: every patch of ${after} reads what another one wrote`;
    case "roll-back":
      return `at any time until the last member is back on ${after}: a member may run ${before} again`;
    case "upgrade":
      return `until the last member runs ${after}: a member that is put back to ${from} joins again. After that, ${wayBack(from, to)}`;
    case "downgrade":
      return (
        `until the last member runs ${after}: the downgrade can be cancelled and members put back to ${from}.` +
        ` After that it is an upgrade again${gateAgain(to)}`
      );
  }
}

function wayBack(from: string, to: string): string {
  return compareVersions(to, "3.6.0") >= 0
    ? `etcd's downgrade protocol leads back to ${lineOf(from)}`
    : "only the snapshot that was taken before leads back, into a new cluster";
}

const gateAgain = (to: string): string => {
  if (lineOf(to) === "3.5" && compareVersions(to, "3.5.32") < 0) return ", by way of 3.5.32 or later";
  return lineOf(to) === "3.6" && compareVersions(to, "3.6.11") < 0 ? ", by way of 3.6.11 or later" : "";
};
