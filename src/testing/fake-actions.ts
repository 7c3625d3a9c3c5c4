/** Each HostAction as it changes a fake machine; fails where the real command would. */
import { posix } from "node:path";
import { QuorateError } from "../errors.js";
import type { HostAction } from "../host/host.js";
import { sha256Of } from "../plan/digest.js";
import { placeOf, readIdentity } from "./fake-identity.js";
import type { FakeMachine } from "./fake-machine.js";
import { Killed } from "./killed.js";

/** @returns bytes sent @throws QuorateError E_HOST_COMMAND, E_HOST_DIGEST or E_HOST_IN_THE_WAY */
export async function perform(machine: FakeMachine, action: HostAction): Promise<number> {
  machine.actions += 1;
  // Bytes that cannot be had are the sender's trouble, not the host's.
  const content = action.do === "put-file" ? await action.bytes() : new Uint8Array();
  try {
    machine.interfere?.(action, machine.actions);
    actions[action.do](machine, action as never, content);
  } catch (error) {
    if (error instanceof QuorateError || error instanceof Killed) throw error;
    const found = error instanceof Error ? error.message : String(error);
    throw new QuorateError("E_HOST_COMMAND", `${machine.name}: could not ${wordsFor(action)}`, {
      where: machine.name,
      found,
    });
  }
  machine.done.push(wordsFor(action));
  return content.byteLength;
}

type Perform<K extends HostAction["do"]> = (
  machine: FakeMachine,
  action: Extract<HostAction, { do: K }>,
  content: Uint8Array,
) => void;

const actions: { readonly [K in HostAction["do"]]: Perform<K> } = {
  "make-user": ({ users }, { name }) => {
    users.add(name);
  },
  "make-directory": (machine, { path, mode, owner, group }) => {
    checkUser(machine, owner);
    machine.files.makeFolder(path, mode, owner, group);
  },
  "put-file": (machine, { path, mode, owner, group, sha256 }, content) => {
    if (sha256Of(content) !== sha256)
      throw new QuorateError("E_HOST_DIGEST", `${machine.name}: ${path} did not arrive as it was sent`);
    checkUser(machine, owner);
    machine.files.write(path, content, { mode, owner, group });
  },
  "seal-release": ({ files }, { path }) => {
    const names = files.names(path).filter((name) => name !== "manifest");
    if (names.length === 0) throw new Error(`${path} holds no binaries`);
    const lines = names.map((name) => `${sha256Of(files.read(posix.join(path, name)) ?? "")} ${name}`);
    files.write(posix.join(path, "manifest"), lines.join("\n"), { mode: "0644", owner: "root", group: "root" });
  },
  link: ({ files }, { path, target }) => files.link(path, target),
  "move-aside": (machine, { path, to }) => {
    if (machine.files.stat(path) === undefined) return;
    if (machine.files.stat(to) !== undefined)
      throw new QuorateError("E_HOST_IN_THE_WAY", `${machine.name}: ${to} exists already`);
    machine.files.rename(path, to);
  },
  remove: (machine, { path }) => {
    const { data, wal } = machine.member.paths;
    const identity = path === data || path === wal ? readIdentity(machine.files, placeOf(machine.member)) : undefined;
    if (identity !== undefined) machine.had.delete(`${identity.clusterId}/${identity.memberId}`);
    machine.files.remove(path);
  },
  "reload-units": ({ supervisor }) => supervisor.reload(),
  enable: ({ supervisor }, { unit }) => supervisor.enable(unit),
  disable: ({ supervisor }) => supervisor.disable(),
  start: ({ supervisor }, { unit }) => supervisor.start(unit),
  stop: ({ supervisor }) => supervisor.stop(),
  append: ({ files }, { path, text }) => {
    const before = files.text(path) ?? "";
    files.write(path, before + text, { mode: "0644", owner: "root", group: "root" });
  },
  "make-key": (machine, { path, algorithm, owner, group, csr }) => {
    if (!machine.openssl) throw new Error("openssl is not there");
    checkUser(machine, owner);
    if (machine.files.read(path) === undefined)
      machine.files.write(path, `secret key ${algorithm} of ${machine.name}`, { mode: "0600", owner, group });
    csr(`request for ${machine.files.text(path) ?? ""}`.replace("secret key", "the key"));
  },
  "check-v2-store": ({ files, v2Content }, { etcdutl, answer }) =>
    answer(
      files.read(etcdutl) === undefined ? "missing" : v2Content ? "Error: detected custom content in v2store" : "clean",
    ),
};

function checkUser({ users }: FakeMachine, owner: string): void {
  if (!users.has(owner)) throw new Error(`chown: invalid user: '${owner}'`);
}

/** What an action does, without content: uploads and journal lines may be secret or long. */
export function wordsFor(action: HostAction): string {
  switch (action.do) {
    case "make-user":
      return `make user ${action.name}`;
    case "reload-units":
      return "reload units";
    case "enable":
    case "disable":
    case "start":
    case "stop":
      return `${action.do} ${action.unit}`;
    case "link":
      return `link ${action.path} to ${action.target}`;
    case "move-aside":
      return `move ${action.path} to ${action.to}`;
    case "check-v2-store":
      return `check the v2 store in ${action.data}`;
    default:
      return `${action.do} ${action.path}`;
  }
}
