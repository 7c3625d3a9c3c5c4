import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSpec } from "../../src/spec/load.js";
import type { Spec } from "../../src/spec/spec.js";
import { quorate, type Said, type Sitting } from "./memory-terminal.js";

describe("`quorate init`", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "quorate-init-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const init = (argv: readonly string[], sitting: Sitting = {}): Promise<Said> =>
    quorate(["init", ...argv], { cwd: folder, ...sitting });
  const written = (): Promise<Spec> => loadSpec("cluster.yaml", { cwd: folder, env: {} });
  const three = ["--member", "a=10.64.3.7", "--member", "b=10.64.3.8", "--member", "c=10.66.3.86"];

  it("writes the members that flags name", async () => {
    expect((await init(three)).code).toBe(0);
    expect((await written()).members.map(({ name, address }) => `${name} ${address}`)).toEqual([
      "a 10.64.3.7",
      "b 10.64.3.8",
      "c 10.66.3.86",
    ]);
  });

  it("writes how the hosts are reached", async () => {
    await init([
      ...three,
      "--ssh-user",
      "ops",
      "--ssh-port",
      "2222",
      "--ssh-jump",
      "gate",
      "--become",
      "sudo-password",
    ]);
    expect((await written()).members[0]?.host).toMatchObject({
      kind: "ssh",
      user: "ops",
      port: 2222,
      jump: "gate",
      become: "sudo-password",
    });
  });

  it("makes as many local members as it is told", async () => {
    await init(["--hosts", "local", "--count", "5", "--name", "five"]);
    const spec = await written();
    expect([spec.name, spec.members.length, spec.service.kind]).toEqual(["five", 5, "process"]);
  });

  it("says what to do next", async () => {
    expect((await init(["--hosts", "local"])).out).toBe(
      "Wrote cluster.yaml: etcd, 3 members on this machine.\nNext: look at it, then `quorate plan` and `quorate up`.\n",
    );
  });

  it("overwrites nothing", async () => {
    writeFileSync(join(folder, "cluster.yaml"), "precious");
    const { code, err } = await init(["--hosts", "local"]);
    expect(code).toBe(1);
    expect(err).toContain("E_FILE_EXISTS");
    expect(readFileSync(join(folder, "cluster.yaml"), "utf8")).toBe("precious");
  });

  it("writes nothing that `plan` would refuse", async () => {
    const { code, err } = await init(three.slice(0, 4));
    expect(code).toBe(1);
    expect(err).toContain("E_SPEC_MEMBERS");
    expect(existsSync(join(folder, "cluster.yaml"))).toBe(false);
  });

  it("reads the tutorial's variables from the calling shell", async () => {
    const env = {
      ETCD_NODES:
        "etcd-host0=https://10.64.3.7:2380,etcd-host1=https://10.64.3.8:2380,etcd-host2=https://10.66.3.86:2380",
    };
    expect((await init([], { env })).code).toBe(0);
    expect((await written()).members.map(({ name }) => name)).toEqual(["etcd-host0", "etcd-host1", "etcd-host2"]);
  });

  it("reads an environment.sh and cfssl's files", async () => {
    writeFileSync(
      join(folder, "environment.sh"),
      'export NODE_IPS="10.64.3.7 10.64.3.8 10.66.3.86"\nexport CLUSTER_CIDR="172.31.0.0/16"\n',
    );
    const request = {
      CN: "etcd",
      hosts: ["127.0.0.1", "10.64.3.7", "etcd.example"],
      key: { algo: "rsa", size: 2048 },
      names: [{ C: "JP", ST: "Tokyo", L: "Tokyo", O: "k8s", OU: "System" }],
    };
    writeFileSync(join(folder, "etcd-csr.json"), JSON.stringify(request));
    const { code, err } = await init(["--environment", "environment.sh", "--etcd-csr", "etcd-csr.json"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { tls, consumers } = await written();
    expect(tls).toMatchObject({ algorithm: "rsa-2048", subject: { C: "JP", OU: "System" }, sans: ["etcd.example"] });
    expect(consumers.clusterCidr).toBe("172.31.0.0/16");
  });

  it("asks a person who says nothing", async () => {
    const { code } = await init([], { typed: ["mine", "local", "3"] });
    expect(code).toBe(0);
    expect((await written()).name).toBe("mine");
  });

  it("asks for the hosts one by one", async () => {
    await init([], { typed: ["mine", "ssh", "a=10.64.3.7", "b=10.64.3.8", "c=10.66.3.86", "", "ops"] });
    expect(
      (await written()).members.map(({ name, host }) => `${name} ${host.kind === "ssh" ? host.user : ""}`),
    ).toEqual(["a ops", "b ops", "c ops"]);
  });

  it("asks nobody who is not there", async () => {
    const { code, err } = await init([]);
    expect(code).toBe(1);
    expect(err).toContain("nobody says who the members are");
  });

  it("answers with JSON", async () => {
    const { out } = await init([...three, "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      file: join(folder, "cluster.yaml"),
      cluster: "etcd",
      members: [{ name: "a", address: "10.64.3.7" }, {}, {}],
    });
  });
});
