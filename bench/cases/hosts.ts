/** The product on three Linux hosts: against the tutorial's steps by script, and against plain ssh. */
import { join } from "node:path";
import { createLab, type Lab } from "../../test/lab/lab.js";
import { project } from "../../test/lab/folders.js";
import { Operator, said } from "../../test/lab/operator.js";
import { byTheTutorial, sshTrue, tutorialCertificates } from "../anchors/hosts.js";
import type { Case } from "../cases.js";
import { takeTurns, type Figure } from "../measure.js";

/** Round trips per host of one `up`, counted by the library itself inside the lab's network. */
interface Trips {
  readonly first: number;
  readonly again: number;
}

async function withLab<T>(act: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await createLab();
  try {
    return await act(lab);
  } finally {
    await lab.destroy();
  }
}

async function up(operator: Operator): Promise<number> {
  const ended = await operator.quorate(["up", "--yes"]);
  if (ended.code !== 0) throw new Error(said(ended));
  return ended.took;
}

export const hosts: Case = {
  name: "hosts",
  title: "three bare Linux hosts, and the same hosts when nothing is to be done",
  needsLab: true,
  runs: 5,
  async measure(runs) {
    await withLab(async (lab) => up(await Operator.of(lab))); // fills the cache of binaries
    const bare = await takeTurns(
      runs,
      () => withLab(async (lab) => up(await Operator.of(lab))),
      () => withLab(async (lab) => byTheTutorial(lab, (await Operator.of(lab)).etcd, tutorialCertificates(lab))),
    );
    const what = "`quorate up` on three bare hosts ÷ the tutorial's steps by script, ssh and scp host after host";
    return [
      { name: "hosts-up", kind: "ratio", limit: 0.35, ...bare, what },
      ...(await withLab((lab) => settled(lab, runs))),
    ];
  },
};

async function settled(lab: Lab, runs: number): Promise<Figure[]> {
  const operator = await Operator.of(lab);
  const script = join(project, ".cache", "bench", "bench", "inside", "round-trips.js");
  const counted = await lab.run([process.execPath, script, operator.file], { cwd: operator.folder, env: operator.env });
  if (counted.code !== 0) throw new Error(said(counted));
  const trips = JSON.parse(counted.stdout) as Trips;
  const noop = await takeTurns(
    runs * 3,
    () => up(operator),
    () => sshTrue(lab),
  );
  return [
    {
      name: "round-trips",
      kind: "count",
      limit: 8,
      ours: [trips.first],
      anchor: [],
      what: "round trips per host of the first `up`, after the connect",
    },
    {
      name: "noop-trips",
      kind: "count",
      limit: 1,
      ours: [trips.again],
      anchor: [],
      what: "round trips per host of an `up` that has nothing to do",
    },
    {
      name: "noop-up",
      kind: "ratio",
      limit: 2,
      ...noop,
      what: "`quorate up` with nothing to do ÷ `ssh host true` to the same three hosts at once",
    },
  ];
}
