/** Users and roles, in etcd's order: root first, so that nobody is ever locked out; then all others; then it is turned on. */
import type { AuthFacts, Facts } from "../../observe/facts.js";
import { equal } from "../../observe/facts.js";
import { quorum } from "../../observe/quorum.js";
import type { AuthSpec } from "../../spec/auth-spec.js";
import type { Step } from "../../steps/kinds.js";
import type { PutUser } from "../../steps/put-user.js";
import type { Rule, WantedStage, Wish } from "../wish.js";

type At = { readonly member: string; readonly clientUrl: string };

export const auth: Rule = (wish, now) => {
  const { auth: wanted } = wish.spec;
  const is = now.auth;
  const at = askedOf(wish, now);
  if (wanted === undefined || is === undefined || at === undefined || locksOut(wanted, is)) return undefined;
  const stages: WantedStage[] = [
    { title: "turn authentication off", steps: turnOff(wanted, is, at) },
    { title: "set up users and roles", steps: [...put(wanted, is, at), ...drop(wanted, is, at)] },
    { title: "turn authentication on", steps: turnOn(wanted, is, at) },
  ];
  return stages.find(({ steps }) => steps.length > 0);
};

/** Quorate would not be root any more for etcd, and so could take nothing back. */
export const locksOut = ({ enabled, users }: AuthSpec, { self }: AuthFacts): boolean =>
  enabled && users[self]?.roles.includes("root") !== true;

/** Any member that serves takes it to all; the first of the file, so that the same plan comes out twice. */
function askedOf({ spec }: Wish, now: Facts): At | undefined {
  if (now.formed === "no" || quorum(now).spare < 0) return undefined;
  const member = spec.members.find(({ name }) => {
    const facts = now.members[name];
    return facts?.serving === "yes" && !facts.learner && facts.listed !== "absent";
  });
  return member === undefined ? undefined : { member: member.name, clientUrl: member.client.url };
}

const turnOff = (wanted: AuthSpec, is: AuthFacts, at: At): Step[] =>
  !wanted.enabled && is.enabled === "yes" ? [{ kind: "disable-auth", ...at }] : [];

const turnOn = (wanted: AuthSpec, is: AuthFacts, at: At): Step[] =>
  wanted.enabled && is.enabled === "no" ? [{ kind: "enable-auth", ...at, self: is.self }] : [];

function put(wanted: AuthSpec, is: AuthFacts, at: At): Step[] {
  const roles = Object.entries(wanted.roles)
    .filter(([role, grants]) => !equal(is.roles[role], grants))
    .map(([role, grants]): Step => ({ kind: "put-role", ...at, role, grants, isNew: is.roles[role] === undefined }));
  const users = Object.keys(wanted.users).flatMap((user) => putUser(wanted, is, at, user) ?? []);
  const ofRoot = (step: Step): boolean =>
    ("role" in step && step.role === "root") || ("user" in step && step.user === "root");
  const all = [...roles, ...users];
  return [...all.filter(ofRoot), ...all.filter((step) => !ofRoot(step))];
}

function putUser({ users }: AuthSpec, is: AuthFacts, at: At, user: string): PutUser | undefined {
  const [wanted, has] = [users[user], is.users[user]];
  if (wanted === undefined) return undefined;
  const { roles, password } = wanted;
  const what =
    has === undefined ? "all" : has.password === "stale" ? "password" : equal(has.roles, roles) ? undefined : "roles";
  if (what === undefined) return undefined;
  return { kind: "put-user", ...at, user, roles, comesWith: password === undefined ? "certificate" : "password", what };
}

/** Users before the roles that they have. */
function drop(wanted: AuthSpec, is: AuthFacts, at: At): Step[] {
  if (!wanted.exclusive) return [];
  const { users, roles } = unnamed(wanted, is);
  return [
    ...users.map((user): Step => ({ kind: "drop-user", ...at, user })),
    ...roles.map((role): Step => ({ kind: "drop-role", ...at, role })),
  ];
}

/** What etcd has and the file does not name. */
export const unnamed = (wanted: AuthSpec, is: AuthFacts): { users: string[]; roles: string[] } => ({
  users: Object.keys(is.users).filter((user) => wanted.users[user] === undefined && user !== is.self),
  roles: Object.keys(is.roles).filter((role) => wanted.roles[role] === undefined),
});
