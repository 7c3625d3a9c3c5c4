/** Which endpoint an ordinary client takes, and how long it keeps trying; members that live in memory. */
import { afterEach, describe, expect, it } from "vitest";
import { EtcdError } from "../../src/etcd/cluster.js";
import type { EtcdClient } from "../../src/etcd/client.js";
import { Endpoints } from "../../src/drill/workload/endpoints.js";
import { persist } from "../../src/drill/workload/persist.js";
import { until } from "../support/until.js";

interface FakeMember {
  up: boolean;
  closed: boolean;
  /** What the member list has. */
  listed: { name: string; clientURLs: string[]; isLearner: boolean }[];
}

const members = new Map<string, FakeMember>();
let endpoints: Endpoints | undefined;
afterEach(async () => {
  members.clear();
  await endpoints?.close();
});

const refused = (): EtcdError => new EtcdError("refused", "nobody listens", undefined, undefined, false);

function open(url: string): EtcdClient {
  const member = members.get(url) ?? { up: true, closed: false, listed: [] };
  members.set(url, member);
  const answer = async <T>(value: T): Promise<T> => {
    if (!member.up) throw refused();
    return value;
  };
  const client = {
    url,
    maintenance: { status: () => answer({}) },
    cluster: { list: () => answer({ members: member.listed }) },
    close: async () => void (member.closed = true),
  };
  return client as unknown as EtcdClient;
}

function over(given: () => readonly string[], sync?: number): Endpoints {
  endpoints = new Endpoints({ given, open, sync });
  return endpoints;
}

const taken = (from: Endpoints, times: number): string[] => Array.from({ length: times }, () => from.next().url);
const abc = ["http://a", "http://b", "http://c"];

describe("endpoints", () => {
  it("take turns", () => {
    const all = taken(
      over(() => abc),
      6,
    );
    expect(new Set(all.slice(0, 3))).toEqual(new Set(abc));
    expect(all.slice(3)).toEqual(all.slice(0, 3));
  });

  it("that do not answer are left out until they do", async () => {
    const some = over(() => abc);
    const [a] = [some.next(undefined, 0)];
    const member = members.get(a.url);
    if (member === undefined) throw new Error("it was never opened");
    member.up = false;
    some.blame(a, refused());
    expect(taken(some, 8)).not.toContain(a.url);
    member.up = true;
    await until(() => taken(some, 3).includes(a.url));
  });

  it("that answer with an error stay", () => {
    const some = over(() => abc);
    const first = some.next();
    some.blame(first, new EtcdError("status", "etcdserver: leader changed", 14));
    expect(taken(some, 3)).toContain(first.url);
  });

  it("can be a client's own, and another one serves while it does not", () => {
    const some = over(() => abc);
    expect([0, 1, 2, 3].map((home) => some.next(undefined, home).url)).toEqual([...abc, "http://a"]);
    some.blame(some.next(undefined, 1), refused());
    expect(some.next(undefined, 1).url).not.toBe("http://b");
  });

  it("follow the members as they come and go, learners and those that never started left out", async () => {
    const some = over(() => ["http://a"], 5);
    const member = (name: string, url: string, isLearner = false) => ({ name, clientURLs: [url], isLearner });
    some.next();
    const a = members.get("http://a");
    if (a === undefined) throw new Error("it was never opened");
    a.listed = [member("b", "http://b"), member("c", "http://c", true), member("", "http://d")];
    await until(() => some.next().url === "http://b");
    expect(taken(some, 4)).toEqual(Array.from({ length: 4 }, () => "http://b"));
    expect(a.closed).toBe(true);
  });

  it("fall back on the given ones when none of the members answers", async () => {
    let given = ["http://a"];
    const some = over(() => given, 5);
    some.next();
    const a = members.get("http://a");
    if (a !== undefined) a.listed = [{ name: "b", clientURLs: ["http://b"], isLearner: false }];
    await until(() => some.next().url === "http://b");
    const b = members.get("http://b");
    if (b !== undefined) b.up = false;
    given = ["http://z"];
    some.blame(some.next(), refused());
    expect(taken(some, 2)).toContain("http://z");
  });
});

describe("a request", () => {
  const persistence = { attempt: 20, overall: 200 };
  const clock = (): number => performance.now();

  it("is tried elsewhere after a failure, and tells of it", async () => {
    const some = over(() => abc);
    const tried: string[] = [];
    const { answer, via, retries, failure } = await persist(some, persistence, clock, async ({ url }) => {
      tried.push(url);
      if (tried.length < 3) throw refused();
      return "done";
    });
    expect([answer, failure, via]).toEqual(["done", undefined, tried[2]]);
    expect(new Set(tried).size).toBe(3);
    expect(retries?.map((retry) => [retry.via, retry.why])).toEqual(
      tried.slice(0, 2).map((url) => [url, "nobody listens"]),
    );
  });

  it("fails when time is up", async () => {
    let attempts = 0;
    const never = persist(
      over(() => abc),
      persistence,
      clock,
      async () => {
        attempts += 1;
        throw new EtcdError("status", "etcdserver: no leader", 14);
      },
    );
    expect((await never).failure).toBe("etcdserver: no leader");
    expect(attempts).toBeGreaterThan(1);
  });

  it("is tried again when users changed while it was under way", async () => {
    const refusals = ["etcdserver: revision of auth store is old", "etcdserver: user name is empty"];
    const { answer } = await persist(
      over(() => abc),
      persistence,
      clock,
      async () => {
        const why = refusals.pop();
        if (why !== undefined) throw new EtcdError("status", why, 3);
        return "done";
      },
    );
    expect(answer).toBe("done");
  });

  it("fails at once when trying again is of no use", async () => {
    let attempts = 0;
    const denied = persist(
      over(() => abc),
      persistence,
      clock,
      async () => {
        attempts += 1;
        throw new EtcdError("status", "etcdserver: permission denied", 7);
      },
    );
    expect((await denied).failure).toBe("etcdserver: permission denied");
    expect(attempts).toBe(1);
  });

  it("gives each attempt its own deadline, and the last no more than is left", async () => {
    const deadlines: number[] = [];
    await persist(
      over(() => abc),
      { attempt: 50, overall: 120 },
      clock,
      async (_, { deadline = 0 }) => {
        deadlines.push(deadline);
        await new Promise((resolve) => setTimeout(resolve, deadline));
        throw new EtcdError("deadline", "no answer");
      },
    );
    expect(deadlines[0]).toBe(50);
    expect(Math.max(...deadlines)).toBe(50);
    expect(deadlines.at(-1)).toBeLessThan(50);
  });
});
