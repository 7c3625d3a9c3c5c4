import { expect, it } from "vitest";
import { openSession } from "../../src/cli/session.js";
import { tellHealth } from "../../src/cli/tell-health.js";
import type { Terminal } from "../../src/cli/terminal.js";
import { judgeHealth, type MemberHealth } from "../../src/observe/health.js";

const member = (name: string, error?: string): MemberHealth => ({
  ...{ name, url: `https://${name}:2379`, healthy: error === undefined, tookMilliseconds: 1.687897, error },
  ...{ alarms: [], status: undefined },
});

/** What is written, in the order of writing, each with the stream it goes to. */
function told(...members: readonly MemberHealth[]): string[] {
  const written: string[] = [];
  const stream = (name: string): unknown => ({ write: (text: string) => written.push(`${name}: ${text}`) });
  const terminal = {
    out: stream("out"),
    err: stream("err"),
    env: {},
    colour: false,
    width: 100,
  } as unknown as Terminal;
  tellHealth(openSession(terminal, {}), judgeHealth(members));
  return written;
}

it("healthy members are told on standard output, all at once", () => {
  expect(told(member("a"), member("b"))).toEqual([
    "out: https://a:2379 is healthy: successfully committed proposal: took = 1.687897ms\n" +
      "https://b:2379 is healthy: successfully committed proposal: took = 1.687897ms\n",
  ]);
});

it("where one is not, the members keep their order on a terminal that shows both streams", () => {
  expect(told(member("a"), member("b", "context deadline exceeded"), member("c"))).toEqual([
    "out: https://a:2379 is healthy: successfully committed proposal: took = 1.687897ms\n",
    "err: https://b:2379 is unhealthy: failed to commit proposal: context deadline exceeded\n",
    "out: https://c:2379 is healthy: successfully committed proposal: took = 1.687897ms\n",
    "err: 2 of 3 members healthy\n",
  ]);
});
