import { describe, expect, it } from "vitest";
import { QuorateError, QuorateErrors } from "../../src/errors.js";
import { errorJson, errorLines, failureLines, problemLines } from "../../src/render/error-text.js";
import { plain } from "../../src/render/style.js";

const page = { style: plain, width: 80 };
const text = (lines: readonly string[]): string => `\n${lines.join("\n")}\n`;

describe("a mistake in the cluster file", () => {
  const mistake = new QuorateError("E_SPEC", "`adress` is not a field of a member", {
    ...{
      where: "cluster.yaml",
      line: 12,
      column: 5,
      path: "members[1].adress",
      expected: "`address`",
      found: "`adress`",
    },
  });

  it("is told by its place", () => {
    expect(text(errorLines(mistake, page))).toBe(`
✗ cluster.yaml:12:5  members[1].adress                                    E_SPEC
  saw      \`adress\` is not a field of a member
  expected \`address\`
  found    \`adress\`
  next     correct the named line; docs/reference/cluster-file.md lists every
           field
`);
  });

  it("is told together with all others", () => {
    const lines = errorLines(new QuorateErrors([mistake, mistake]), page);
    expect(lines.filter((line) => line.startsWith("✗"))).toHaveLength(2);
  });

  it("is data for programs", () => {
    expect(errorJson(mistake)).toMatchObject({
      problems: [{ code: "E_SPEC", line: 12, column: 5, path: "members[1].adress", next: expect.any(String) }],
    });
  });
});

describe("a failure of the world", () => {
  it("is told by who and what", () => {
    const error = new QuorateError("E_LOCKED", "ann on desk (pid 7) has held the lock since noon: quorate up", {
      where: "etcd1",
    });
    expect(text(errorLines(error, page))).toBe(`
✗ etcd1  another quorate is at work on this cluster                     E_LOCKED
  saw      ann on desk (pid 7) has held the lock since noon: quorate up
  next     wait for it to end, or see \`quorate unlock --help\`
`);
  });
});

describe("a step that failed", () => {
  it("says what was waited for, what was seen, how the cluster is, and what to do", () => {
    const failure = {
      ...{
        code: "E_MEMBER_FAILED" as const,
        message: "etcd on etcd2 ended right after its start",
        next: "read its last log lines",
      },
      ...{ log: ["listen tcp 10.64.3.8:2380: bind: address already in use", "exit status 1"], waited: 3_200 },
    };
    const cluster = "2 of 3 members healthy; etcd1 leads; nothing after this stage was begun";
    expect(text(failureLines({ member: "etcd2", title: "start etcd", failure, cluster }, page))).toBe(`
✗ etcd2  start etcd                                              E_MEMBER_FAILED
  waited   3.2 s
  saw      etcd on etcd2 ended right after its start
  log      listen tcp 10.64.3.8:2380: bind: address already in use
           exit status 1
  cluster  2 of 3 members healthy; etcd1 leads; nothing after this stage was
           begun
  next     read its last log lines
`);
  });
});

describe("a problem of a plan", () => {
  const problem = {
    code: "E_PORT_TAKEN" as const,
    member: "etcd3",
    message: "port 2379 on etcd3 is taken by nginx (pid 812)",
  };

  it("that refuses it has a cross", () => {
    expect(problemLines({ ...problem, severity: "refuse" }, page)[0]).toMatch(/^✗ etcd3 {2}another process listens/);
  });

  it("that is only told has an exclamation mark", () => {
    expect(problemLines({ ...problem, severity: "degraded" }, page)[0]).toMatch(/^! etcd3/);
  });
});
