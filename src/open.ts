/** The composition root: the only file that names real adapters. What is heavy is loaded when it is first used. */
import { openLedger } from "./apply/folder-ledger.js";
import { eitherWay } from "./etcd/either-way.js";
import { openCluster } from "./etcd/grpc-cluster.js";
import { readWalIdentity } from "./etcd/wal-identity.js";
import { openLocalHost } from "./host/local-host.js";
import { openSshHost } from "./host/ssh-host.js";
import { openTunnels } from "./host/tunnels.js";
import type { Host } from "./host/host.js";
import { warm } from "./pki/library.js";
import { openAuthority } from "./pki/open-authority.js";
import type { AskPassphrase, Secret } from "./pki/secret.js";
import { openPasswords } from "./pki/user-passwords.js";
import { openRelease } from "./release/open-release.js";
import { withFormer } from "./spec/former.js";
import { plainListeners } from "./spec/plaintext.js";
import { everyone, type MemberSpec, type Spec } from "./spec/spec.js";
import type { Clock, World } from "./world.js";
import { invariant } from "./errors.js";

export interface OpenOptions {
  /** Asked at most once per run, and only when `ssh.become` says that sudo wants one. */
  readonly sudoPassword?: (member: string) => Promise<Secret>;
  /** Asked only when the CA's key is encrypted, or is to be. */
  readonly passphrase?: AskPassphrase;
  /** Asked when the file says that a user's password is asked for. */
  readonly userPassword?: (user: string) => Promise<Secret>;
  /** Users whose password is asked for once more, although it was asked for and set before. */
  readonly newPasswords?: readonly string[];
  /** Certificates of these members that were issued before (milliseconds since the epoch) are due. */
  readonly renew?: { readonly members: readonly string[]; readonly before: number };
  /** Told what is done otherwise than asked for. */
  readonly warn?: (line: string) => void;
}

/** Milliseconds after which the questions to the hosts are on their way. */
const lookingHasBegun = 20;

/** Milliseconds that ways through ssh are given before anything is asked; the questions have shorter deadlines. */
const tunnelPatience = 8_000;

/** Opens the real world of a spec. Connects to nothing and makes nothing yet, but for ways through ssh where the file asks for them. */
export async function openWorld(spec: Spec, options: OpenOptions = {}): Promise<World> {
  const ledger = openLedger(spec.stateDir);
  const roster = await ledger.roster();
  const members = everyone(withFormer(spec, roster));
  const tunnels = openTunnels(members);
  const through = tunnels && { through: tunnels.through };
  const authority = openAuthority(spec, { ...options, ...through });
  // Where nothing was issued yet, something will be: the library is loaded while the hosts are being looked at.
  if (spec.tls !== undefined && (await authority.storedClient()) === undefined)
    setTimeout(() => void warm(), lookingHasBegun).unref();
  const hosts = new Map<string, Host>();
  const secure = openCluster({
    ...through,
    tls: () => authority.client(),
    probe: async () => {
      const identity = await authority.client();
      return identity === undefined ? undefined : { ca: identity.ca, ...(identity.probe ?? identity) };
    },
  });
  const cluster = eitherWay(secure, plainListeners(spec, roster));
  await tunnels?.begin(tunnelPatience);
  return {
    ...through,
    host(name) {
      const member = members.find((candidate) => candidate.name === name);
      invariant(member !== undefined, `a host was asked for that is no member: ${name}`);
      const opened = hosts.get(name) ?? openHost(member, options);
      hosts.set(name, opened);
      return opened;
    },
    cluster,
    authority,
    release: openRelease(spec.release),
    ledger,
    passwords: openPasswords(spec, { ask: options.userPassword, anew: options.newPasswords }),
    clock,
    async close() {
      await Promise.allSettled([...[...hosts.values()].map((host) => host.close()), cluster.close()]);
      tunnels?.close();
    },
  };
}

function openHost(member: MemberSpec, options: OpenOptions): Host {
  const { name } = member;
  const common = { state: member.paths.state, readIdentity: readWalIdentity };
  if (member.host.kind === "local") return openLocalHost(name, { ...common, unitPath: member.paths.unit });
  const { sudoPassword } = options;
  return openSshHost(name, member.host, {
    ...common,
    ...(sudoPassword !== undefined && { sudoPassword: () => sudoPassword(name) }),
  });
}

const clock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(finish, milliseconds);
      function finish(): void {
        clearTimeout(timer);
        signal?.removeEventListener("abort", finish);
        resolve();
      }
      signal?.addEventListener("abort", finish);
    }),
};
