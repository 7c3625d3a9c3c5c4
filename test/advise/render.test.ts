import { expect, it } from "vitest";
import { advise } from "../../src/advise/advise.js";
import { adviceLines } from "../../src/render/advice-text.js";
import { plain } from "../../src/render/style.js";
import { soundCluster, soundMember } from "./sound.js";

const page = { style: plain, width: 80 };

it("advice is told with its reason, what to do and where that is written; the same for several members once", () => {
  const alarmed = soundCluster((one) =>
    one.name === "b" ? one : { ...one, alarms: ["NOSPACE"], clockSkew: one.name === "a" ? 0 : 2_000 },
  );
  expect(adviceLines(advise(alarmed), page)).toEqual([
    "critical  a, c: raised the alarm NOSPACE",
    "          its database has reached the quota, and the whole cluster refuses",
    "          writes until the alarm is disarmed.",
    "          To do: `quorate recover-space`; or raise quota-backend-bytes.",
    "          alarm-nospace; etcd.io/docs, op-guide/maintenance",
    "",
    "warning   c: its clock is 2 s ahead",
    "          certificates are taken for too young or too old, and logs cannot be",
    "          compared.",
    "          To do: set the clocks, for example with chrony.",
    "          clock-off; etcd.io/docs, op-guide/hardware",
    "",
    "2 critical, 1 warning, 0 notes",
  ]);
});

it("nothing to say is said", () => {
  expect(
    adviceLines(advise({ ...soundCluster(), members: ["a", "b", "c"].map((name) => soundMember(name)) }), page),
  ).toEqual(["nothing is wrong, as far as can be seen"]);
});
