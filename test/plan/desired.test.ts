import { describe, expect, it } from "vitest";
import { formingText } from "../../src/plan/bootstrap.js";
import { etcdArguments } from "../../src/plan/etcd-arguments.js";
import { desiredOf } from "../../src/plan/desired.js";
import { compareVersions } from "../../src/plan/versions.js";
import type { MemberSpec, Spec } from "../../src/spec/spec.js";
import { sampleSpec, type SampleSpecOptions } from "../../src/testing/sample-spec.js";

function firstOf(spec: Spec): MemberSpec {
  const [member] = spec.members;
  if (member === undefined) throw new Error("a spec has members");
  return member;
}

describe("what etcd is told", () => {
  it.each<[string, string, SampleSpecOptions]>([
    ["3.4.23", "3.4.23", {}],
    ["3.5.30", "3.5.30", {}],
    ["3.6.14", "3.6.14", {}],
    ["plaintext", "3.5.30", { tls: false }],
    ["log-folder", "3.5.30", { wal: true }],
    [
      "settings-win",
      "3.5.30",
      { settings: { "experimental-initial-corrupt-check": "false", "quota-backend-bytes": "8589934592" } },
    ],
  ])("as an argument vector: %s", async (name, version, options) => {
    const spec = sampleSpec(options);
    await expect(`${etcdArguments(spec, firstOf(spec), version).join("\n")}\n`).toMatchFileSnapshot(
      `__golden__/arguments-${name}.txt`,
    );
  });

  it("at its first start, and only then, who the others are", () => {
    const spec = sampleSpec();
    expect(formingText(spec, firstOf(spec)).split("\n")).toEqual([
      "ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.64.3.7:2380",
      "ETCD_INITIAL_CLUSTER=a=https://10.64.3.7:2380,b=https://10.64.3.8:2380,c=https://10.64.3.9:2380",
      "ETCD_INITIAL_CLUSTER_STATE=new",
      "ETCD_INITIAL_CLUSTER_TOKEN=tutorial",
      "",
    ]);
  });

  it("never a flag twice", () => {
    for (const version of ["3.4.23", "3.5.2", "3.5.30", "3.6.14"]) {
      const spec = sampleSpec({ settings: { "pre-vote": "false", logger: "zap" } });
      const names = etcdArguments(spec, firstOf(spec), version).map((argument) => argument.replace(/=.*/, ""));
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe("the digest of a configuration", () => {
  const digest = (spec: Spec, version = "3.5.30", arch = "amd64"): string =>
    desiredOf(spec, firstOf(spec), version, arch).config;
  const usual = digest(sampleSpec());

  it.each<[string, string]>([
    ["a setting", digest(sampleSpec({ settings: { "heartbeat-interval": "50" } }))],
    ["a version", digest(sampleSpec(), "3.5.31")],
    ["TLS", digest(sampleSpec({ tls: false }))],
    ["the user", digest({ ...sampleSpec(), service: { ...sampleSpec().service, user: "other" } })],
    ["a memory limit", digest({ ...sampleSpec(), service: { ...sampleSpec().service, memoryMax: 2 ** 30 } })],
  ])("changes with %s", (_, other) => {
    expect(other).not.toBe(usual);
  });

  it.each<[string, string]>([
    ["who else is a member, which only a first start reads", digest(sampleSpec({ members: 5 }))],
    ["the architecture, where etcd does not care", digest(sampleSpec(), "3.5.30", "arm64")],
    ["where certificates are made", digest(sampleSpec({ keysOn: "host" }))],
  ])("does not change with %s", (_, other) => {
    expect(other).toBe(usual);
  });

  it("changes where etcd 3.4 must be told to run on an architecture", () => {
    expect(digest(sampleSpec(), "3.4.23", "arm64")).not.toBe(digest(sampleSpec(), "3.4.23", "amd64"));
    expect(desiredOf(sampleSpec(), firstOf(sampleSpec()), "3.4.23", "arm64").unit.text).toContain(
      "ETCD_UNSUPPORTED_ARCH=arm64",
    );
  });

  it("is what the process will say about itself", () => {
    expect(desiredOf(sampleSpec(), firstOf(sampleSpec()), "3.5.30", "amd64").unit.text).toContain(
      `QUORATE_CONFIG=${usual}`,
    );
  });
});

describe("versions", () => {
  it("are compared as numbers", () => {
    const sorted = ["3.10.0", "3.4.45", "3.5.9", "3.5.30", "3.6.0"].toSorted(compareVersions);
    expect(sorted).toEqual(["3.4.45", "3.5.9", "3.5.30", "3.6.0", "3.10.0"]);
    expect(compareVersions("3.5.30", "3.5.30")).toBe(0);
  });
});
