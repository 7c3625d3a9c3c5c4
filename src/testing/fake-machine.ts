/** A Linux machine in memory: what survives whoever is connected to it. Faults are plain fields. */
import { dirname } from "node:path";
import type { HostAction, LockHolder, Reachable } from "../host/host.js";
import type { MemberSpec, Spec } from "../spec/spec.js";
import { FakeFiles } from "./fake-files.js";
import { FakeSupervisor } from "./fake-supervisor.js";

export interface HeldLock {
  readonly holder: LockHolder;
  /** The connection that holds it. */
  readonly by: object;
  /** Ends that connection, as `steal` does. */
  readonly evict: () => void;
}

export class FakeMachine {
  readonly member: MemberSpec;
  files: FakeFiles;
  readonly users = new Set(["root"]);
  readonly supervisor: FakeSupervisor;
  lock: HeldLock | undefined;
  /** Boots so far. */
  boots = 1;
  /** Every change that anybody made, in words: nothing was touched when none was added. */
  readonly done: string[] = [];
  /** Identities that had data here, as cluster/member; what `destroy` removes is forgotten. */
  readonly had = new Set<string>();

  /** ssh answers. */
  reachable = true;
  /** Off: no ssh and no etcd. */
  powered = true;
  /** Called before each action; what it throws, the action fails with. */
  interfere: ((action: HostAction, count: number) => void) | undefined;
  actions = 0;

  arch = "amd64";
  systemd: number | undefined = 257;
  root = true;
  openssl = true;
  machineId: string;
  clockSkew = 0;
  memoryTotal = 4 * 2 ** 30;
  freeBytes = 20 * 2 ** 30;
  readOnly = false;
  noExec = false;
  addresses: readonly string[];
  /** What ssh reaches it by; of a local member, where it keeps its data. */
  destination: string;
  /** Entries of the cluster's log that its member has not got. */
  lagging = 0;
  /** Bytes of the member's database file, and of what is in use of it. */
  dbSize = 20_480;
  dbSizeInUse = 16_384;
  /** What the member's data has and the others' has not. */
  corruption = "";
  /** The member's data holds keys of the v2 API. */
  v2Content = false;
  /** IDs that its v3 store has as members although they are none, and IDs that it has struck off. */
  zombies: readonly string[] = [];
  struckOff: readonly string[] = [];
  /** Listeners of processes that are not quorate's. */
  strangers: Reachable["listeners"] = [];

  constructor(spec: Spec, member: MemberSpec, now: () => number) {
    this.member = member;
    this.machineId = `machine-${member.name}`;
    this.addresses = ["127.0.0.1", "::1", member.address];
    this.destination = destinationOf(member);
    this.files = new FakeFiles();
    for (const path of [
      "/etc",
      "/opt",
      "/var/lib",
      "/run",
      dirname(member.paths.unit),
      ...(spec.service.kind === "process" ? [dirname(member.paths.data)] : []),
    ]) {
      this.files.makeParents(`${path}/x`);
    }
    const { kind, unit, user, group } = spec.service;
    if (kind === "process") this.users.add(user);
    this.supervisor = new FakeSupervisor(
      { kind, name: unit, path: member.paths.unit, user, group },
      { files: () => this.files, now, addresses: () => this.addresses },
    );
  }

  get name(): string {
    return this.member.name;
  }

  /** It gets another address, and whoever is connected to the old one is cut off. */
  moveTo(address: string): void {
    this.addresses = ["127.0.0.1", "::1", address];
    this.destination = address;
    this.lock = undefined;
  }

  /** Whether commands reach it now. */
  get answers(): boolean {
    return this.powered && this.reachable;
  }

  powerOff(): void {
    this.powered = false;
    this.lock = undefined;
    this.supervisor.die();
  }

  powerOn(): void {
    this.powered = true;
    this.boots += 1;
    this.supervisor.boot();
  }

  /** The data's disk comes back empty; the folder that it is mounted on is there. */
  loseData(): void {
    this.supervisor.die();
    const { data, wal } = this.member.paths;
    for (const path of [data, ...(wal === undefined ? [] : [wal])]) {
      const folder = this.files.stat(path);
      if (folder === undefined) continue;
      this.files.remove(path);
      this.files.makeFolder(path, folder.mode, folder.owner, folder.group);
    }
  }
}

export const destinationOf = ({ host, paths }: MemberSpec): string => (host.kind === "ssh" ? host.host : paths.data);
