import fc from "fast-check";
import { plannedClusterId } from "../../../src/observe/facts-of.js";
import { releasePath, trustRoot } from "../../../src/observe/question.js";
import { currentLink, desiredOf, keeperOf } from "../../../src/plan/desired.js";
import type { MemberSpec, Spec } from "../../../src/spec/spec.js";
import { kinds, type Step } from "../../../src/steps/kinds.js";

export const kindNames = Object.keys(kinds) as Step["kind"][];

type Make<K extends Step["kind"]> = (
  spec: Spec,
  member: MemberSpec,
) => Omit<Extract<Step, { kind: K }>, "kind" | "member">;

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
  "install-unit": (spec, member) => ({ unit: spec.service.unit, ...desired(spec, member).unit, ...keeperOf(spec) }),
  "start-member": (spec, member) => {
    const { config, bootstrap } = desired(spec, member);
    return { unit: spec.service.unit, config, bootstrap: { ...bootstrap, ...keeperOf(spec) } };
  },
  "mark-member": (spec, member) => ({
    state: member.paths.state,
    clusterId: plannedClusterId(spec),
    ...keeperOf(spec),
  }),
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

const desired = (spec: Spec, member: MemberSpec): ReturnType<typeof desiredOf> =>
  desiredOf(spec, member, spec.etcd.version ?? "", "amd64");

export function stepOf(kind: Step["kind"], spec: Spec, member: MemberSpec): Step {
  return { kind, member: member.name, ...makers[kind](spec, member) } as Step;
}

export const anyStep = (spec: Spec): fc.Arbitrary<Step> =>
  fc
    .tuple(fc.constantFrom(...kindNames), fc.constantFrom(...spec.members))
    .map(([kind, member]) => stepOf(kind, spec, member));
