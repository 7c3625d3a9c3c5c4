import fc from "fast-check";
import { plannedClusterId } from "../../../src/observe/facts-of.js";
import { releasePath, trustPaths, trustRoot, walPath } from "../../../src/observe/question.js";
import { currentLink, desiredOf, keeperOf } from "../../../src/plan/desired.js";
import { everyone, type MemberSpec, type Spec } from "../../../src/spec/spec.js";
import { homeOf } from "../../../src/spec/former.js";
import { kinds, type Step } from "../../../src/steps/kinds.js";

export const kindNames = Object.keys(kinds) as Step["kind"][];

type Make<K extends Step["kind"]> = (
  spec: Spec,
  member: MemberSpec,
) => Omit<Extract<Step, { kind: K }>, "kind" | "member">;

const trustPlace = (spec: Spec, member: MemberSpec): { path: string; owner: string; group: string } => ({
  path: trustRoot(spec, member),
  owner: spec.service.user,
  group: spec.service.group,
});

/** One step of every kind, as it fits a member. A new kind does not compile until it is here. */
const makers: { readonly [K in Step["kind"]]: Make<K> } = {
  "prepare-host": (spec, member) => {
    const { user, group } = spec.service;
    return { user, newUser: true, group, home: member.paths.data, directories: desired(spec, member).directories };
  },
  "install-release": (spec, member) => {
    const version = spec.etcd.version ?? "";
    return {
      version,
      arch: "amd64",
      path: releasePath(member, version),
      current: currentLink(member),
      ...keeperOf(spec),
    };
  },
  "install-trust": (spec, member) => {
    const { user: owner, group } = spec.service;
    return {
      path: trustRoot(spec, member),
      owner,
      group,
      keysOn: spec.tls?.keysOn ?? "operator",
      algorithm: "ecdsa-p256",
      why: "a law asks for it",
    };
  },
  "trust-cas": (spec, member) => ({ ...trustPlace(spec, member), roots: [], from: [] }),
  "renew-trust": (spec, member) => ({ ...trustPlace(spec, member), why: "a law asks for it" }),
  "put-list": (spec, member) => {
    const { user: owner, group } = spec.service;
    return { path: trustPaths(spec, member).list, owner, group, signer: "wanted", why: "a law asks for it" };
  },
  "prove-trust": () => ({ roots: "", shown: true, listeners: [] }),
  "adopt-ca": () => ({ roots: "" }),
  "forget-ca": () => ({ roots: "" }),
  "install-unit": (spec, member) => ({ unit: spec.service.unit, ...desired(spec, member).unit, ...keeperOf(spec) }),
  "start-member": (spec, member) => {
    const { config, bootstrap } = desired(spec, member);
    return {
      unit: spec.service.unit,
      config,
      version: versionOf(spec),
      bootstrap: { ...bootstrap, ...keeperOf(spec) },
    };
  },
  "mark-member": (spec, member) => ({
    state: member.paths.state,
    clusterId: plannedClusterId(spec),
    ...keeperOf(spec),
  }),
  "add-member": (_, { peer }) => ({ peerUrl: peer.url }),
  "promote-member": (_, { peer }) => ({ peerUrl: peer.url }),
  "remove-member": (_, { peer }) => ({ peerUrl: peer.url }),
  "update-member": (_, { peer }) => ({ from: peer.url, to: peer.url.replace("2380", "3380") }),
  "move-leader": (spec, member) => {
    const heir = spec.members.find(({ name }) => name !== member.name) ?? member;
    return { to: heir.name, toPeerUrl: heir.peer.url };
  },
  "restart-member": (spec, member) => ({
    unit: spec.service.unit,
    config: desired(spec, member).config,
    version: versionOf(spec),
    graceSeconds: 30,
    why: "a law asks for it",
    downtime: false,
  }),
  "retire-member": (spec, member) => {
    const { unit, data, wal, state } = member.paths;
    return {
      unit: spec.service.unit,
      unitPath: unit,
      graceSeconds: 15,
      moves: [data, ...(wal === undefined ? [] : [wal])].map((path) => ({ path, to: `${path}.removed-1` })),
      trust: spec.tls === undefined ? undefined : trustRoot(spec, member),
      state,
    };
  },
  "compare-members": (spec) => ({
    line: "3.6",
    members: spec.members.map(({ name, client }) => ({ name, clientUrl: client.url })),
  }),
  "check-v2-store": (spec, member) => {
    const { data, state } = member.paths;
    const version = versionOf(spec);
    return { version, etcdutl: `${releasePath(member, version)}/etcdutl`, data, wal: walPath(member), state };
  },
  "forget-member": (_, member) => ({ home: homeOf(member) }),
  "save-snapshot": (_, { client }) => ({ clientUrl: client.url, label: "before-a-law" }),
  "allow-downgrade": (spec) => ({ line: "3.5", everyone: everyone(spec).map(({ name }) => name) }),
  compact: (spec) => ({ revision: "7", clientUrls: spec.members.map(({ client }) => client.url) }),
  "defragment-member": (_, { client }) => ({ clientUrl: client.url, downtime: false, force: false }),
  "disarm-alarm": () => ({ alarm: "NOSPACE", cleared: [] }),
  "put-role": (_, { client }) => ({ clientUrl: client.url, role: "app", grants: ["readwrite /app/*"], isNew: true }),
  "put-user": (_, { client }) => ({
    clientUrl: client.url,
    user: "app",
    roles: ["app"],
    comesWith: "password",
    what: "all",
  }),
  "drop-user": (_, { client }) => ({ clientUrl: client.url, user: "app" }),
  "drop-role": (_, { client }) => ({ clientUrl: client.url, role: "app" }),
  "enable-auth": (_, { client }) => ({ clientUrl: client.url, self: "root" }),
  "disable-auth": (_, { client }) => ({ clientUrl: client.url }),
  "stop-member": (spec) => ({ unit: spec.service.unit, graceSeconds: 15 }),
  "move-aside": (_, { paths: { data, wal } }) => ({
    moves: [data, ...(wal === undefined ? [] : [wal])].map((path) => ({ path, to: `${path}.aside-1` })),
  }),
  "remove-files": (spec, member) => {
    const { unit, data, wal, state } = member.paths;
    const version = spec.etcd.version ?? "";
    const paths = [
      unit,
      data,
      ...(wal === undefined ? [] : [wal]),
      trustRoot(spec, member),
      currentLink(member),
      releasePath(member, version),
      state,
    ];
    return { unit: spec.service.unit, paths };
  },
};

const versionOf = (spec: Spec): string => spec.etcd.version ?? "";

const desired = (spec: Spec, member: MemberSpec): ReturnType<typeof desiredOf> =>
  desiredOf(spec, member, spec.etcd.version ?? "", "amd64");

export function stepOf(kind: Step["kind"], spec: Spec, member: MemberSpec): Step {
  return { kind, member: member.name, ...makers[kind](spec, member) } as Step;
}

export const anyStep = (spec: Spec): fc.Arbitrary<Step> =>
  fc
    .tuple(fc.constantFrom(...kindNames), fc.constantFrom(...everyone(spec)))
    .map(([kind, member]) => stepOf(kind, spec, member));
