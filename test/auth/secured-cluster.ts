/** A cluster of real etcd on this machine whose file says who may do what, and clients of it. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openClient, type EtcdClient } from "../../src/etcd/client.js";
import { LocalOperator, said, type Ended } from "../cli/quorate.js";
import { etcdFolder } from "../support/etcd-binaries.js";

export class SecuredCluster extends LocalOperator {
  #plain = "";
  #version = "";
  /** All that quorate has said. */
  readonly heard: string[] = [];

  async begin(version: string): Promise<void> {
    this.#version = version;
    await this.init(version);
    this.#plain = readFileSync(this.#file, "utf8");
  }

  get #file(): string {
    return join(this.folder, "cluster.yaml");
  }

  get state(): string {
    return join(this.folder, ".quorate", "trial");
  }

  /** @param change of the rest of the file */
  says(auth: string, change: (text: string) => string = (text) => text): void {
    writeFileSync(this.#file, `${change(this.#plain)}\n${auth}`);
  }

  override async quorate(...args: readonly string[]): Promise<Ended> {
    const ended = await super.quorate(...args);
    this.heard.push(said(ended));
    return ended;
  }

  /** @throws Error with what it said, when it did not end well */
  async well(...args: readonly string[]): Promise<string> {
    const ended = await this.quorate(...args);
    if (ended.code !== 0) throw new Error(`quorate ${args.join(" ")}: ${said(ended)}`);
    return ended.stdout;
  }

  /** etcd's own tool, as quorate, or as another user with a password or with a certificate. */
  async etcdctl(as: As, ...args: readonly string[]): Promise<Ended> {
    const lines = (await this.well("export", "etcdctl")).split("\n");
    const variables = Object.fromEntries(
      lines.flatMap((line) => {
        const [, name, value] = /^export (\w+)=["']?(.*?)["']?$/.exec(line) ?? [];
        return name === undefined ? [] : [[name, value ?? ""]];
      }),
    ) as Record<string, string>;
    const login: Record<string, string> =
      "password" in as ? { ETCDCTL_USER: as.user, ETCDCTL_PASSWORD: as.password } : {};
    const files: Record<string, string> =
      "certificate" in as
        ? {
            ETCDCTL_CERT: join(as.certificate, `${as.user}.pem`),
            ETCDCTL_KEY: join(as.certificate, `${as.user}-key.pem`),
          }
        : {};
    return new Promise((resolve) => {
      const env = { PATH: process.env["PATH"], ...variables, ...login, ...files };
      const child = execFile(join(etcdFolder(this.#version), "etcdctl"), args, { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : (child.exitCode ?? 255), stdout, stderr }),
      );
    });
  }

  /** Whether this password lets the user in. */
  async lets(client: EtcdClient, user: string, password: string): Promise<boolean> {
    return client.auth.authenticate(user, password).then(
      () => true,
      () => false,
    );
  }

  async client(): Promise<EtcdClient> {
    const { members } = await this.json<{ members: { endpoint: string }[] }>("health");
    const text = (name: string): string => readFileSync(join(this.state, "pki", "client", "live", name), "utf8");
    const material = { ca: text("ca.pem"), cert: text("root.pem"), key: text("root-key.pem") };
    return openClient(members[0]?.endpoint ?? "", { tls: () => Promise.resolve(material) });
  }
}

type As =
  | { readonly user: "root" }
  | { readonly user: string; readonly password: string }
  /** certificate: a folder that `certs issue` made. */
  | { readonly user: string; readonly certificate: string };
