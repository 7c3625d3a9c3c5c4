/** Ways through ssh to ports that the network does not lead to; a real one is walked in the lab. */
import { afterEach, describe, expect, it } from "vitest";
import type { SshTarget } from "../../src/host/ssh.js";
import { openTunnel, tunnelArguments, type Tunnel } from "../../src/host/tunnel.js";
import { openTunnels } from "../../src/host/tunnels.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";
import { fails, fakeSsh, type FakeSsh } from "./fake-ssh.js";

const target: SshTarget = {
  kind: "ssh",
  host: "db1",
  user: undefined,
  port: undefined,
  identity: undefined,
  jump: "gate",
  ports: "tunnel",
  become: "none",
};
const port = { host: "10.64.3.7", port: 2379 };
let fake: FakeSsh | undefined;
let tunnel: Tunnel | undefined;
afterEach(async () => {
  tunnel?.close();
  await fake?.remove();
});

describe("ssh's arguments for a tunnel", () => {
  const words = tunnelArguments(
    target,
    [
      ["/t/0", port],
      ["/t/1", { host: "fd00::7", port: 2380 }],
    ],
    { environment: {} },
  ).join(" ");

  it("lead each port to a socket", () => {
    expect(words).toContain("-L /t/0:10.64.3.7:2379 -L /t/1:[fd00::7]:2380 -J gate -- db1");
  });

  it("leave host keys to the operator's configuration, and his master connections alone", () => {
    expect(words).not.toContain("StrictHostKeyChecking");
    expect(words).toContain("-o ControlPath=none");
    expect(words).toContain("-o ForwardAgent=no");
  });

  it("end with a command that ends with quorate", () => {
    expect(words.endsWith("exec cat >/dev/null")).toBe(true);
  });
});

describe("a tunnel that cannot be had", () => {
  const refusal = async (ssh: string): Promise<unknown> => {
    fake = await fakeSsh(ssh);
    tunnel = openTunnel("b", target, [port], { environment: fake.environment, program: `${fake.folder}/ssh` });
    return tunnel.pathTo(port).catch((error: unknown) => error);
  };

  it("says why ssh does not get in", async () => {
    expect(await refusal(fails("root@db1: Permission denied (publickey)."))).toMatchObject({ code: "E_SSH_DENIED" });
  });

  it("says that there is no ssh", async () => {
    tunnel = openTunnel("b", target, [port], { program: "/nonexistent/ssh" });
    await expect(tunnel.pathTo(port)).rejects.toMatchObject({ code: "E_SSH_MISSING" });
  });

  it("is tried anew the next time", async () => {
    await refusal(fails("ssh: connect to host db1 port 22: Connection refused"));
    await expect(tunnel?.pathTo(port)).rejects.toMatchObject({ code: "E_SSH_REFUSED" });
  });
});

it("no member that is reached as it is gets a tunnel", () => {
  expect(openTunnels(sampleSpec().members)).toBeUndefined();
});
