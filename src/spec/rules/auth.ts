/** Users and roles: grants that mean something, roles that are there, and a way in for every user. */
import { parseGrant } from "../grant.js";
import { quoted, type Problem } from "../problem.js";
import { root } from "../resolve/auth.js";
import type { Candidate } from "../resolve/resolve.js";

type Written = NonNullable<Candidate["file"]["auth"]>;

const problem = (path: Problem["path"], message: string, rest: Partial<Problem> = {}): Problem => ({
  code: "E_SPEC_AUTH",
  path: ["auth", ...path],
  message,
  ...rest,
});

export function auth({ file, spec }: Candidate): Problem[] {
  if (file.auth === undefined) return [];
  return [
    ...names(file.auth),
    ...roles(file.auth),
    ...users(file.auth),
    ...(spec.tls === undefined ? [plaintext] : []),
  ];
}

/** A token or password that is sent in the clear belongs to whoever listens. */
const plaintext: Problem = problem([], "users need TLS: without it their passwords and tokens can be read on the way", {
  found: "tls: off",
  next: "remove `tls: off`, or remove `auth`",
});

function names(written: Written): Problem[] {
  return (["roles", "users"] as const).flatMap((what) =>
    Object.keys(written[what] ?? {})
      .filter((name) => !/^[^\s\p{Cc}]{1,128}$/u.test(name))
      .map((name) =>
        problem([what, name], "a name has no spaces, and at most 128 characters", { found: quoted(name), atKey: true }),
      ),
  );
}

function roles(written: Written): Problem[] {
  return Object.entries(written.roles ?? {}).flatMap(([name, grants]): Problem[] => {
    if (name === root)
      return [
        problem(["roles", root], "the role root may do everything, and is always there", {
          atKey: true,
          next: "remove this role from the file",
        }),
      ];
    const seen = new Set<string>();
    return grants.flatMap((text, index): Problem[] => {
      const grant = parseGrant(text);
      if (grant === undefined)
        return [
          problem(["roles", name, index], "this is no grant", {
            found: quoted(text),
            expected: "read, write or readwrite, and /one/key, /prefix/*, from .. before, or *",
          }),
        ];
      const range = JSON.stringify([grant.key, grant.end]);
      const twice = seen.has(range);
      seen.add(range);
      if (!twice) return [];
      return [problem(["roles", name, index], "the same keys stand in this role twice", { found: quoted(text) })];
    });
  });
}

function users(written: Written): Problem[] {
  const known = [root, ...Object.keys(written.roles ?? {})];
  return Object.entries(written.users ?? {}).flatMap(([name, user]): Problem[] => {
    const strange = (user.roles ?? []).flatMap((role, index) =>
      known.includes(role)
        ? []
        : [
            problem(["users", name, "roles", index], `there is no role ${quoted(role)}`, {
              found: quoted(role),
              next: `known roles: ${known.join(", ")}`,
            }),
          ],
    );
    const certificate = user.certificate === "true" || (name === root && user.password === undefined);
    if ((user.password === undefined) === certificate) return strange;
    const message = certificate ? "a user has a password or a certificate alone, not both" : "this user has no way in";
    const next = certificate
      ? "remove `certificate`; a certificate of its name lets a user with a password in, too"
      : "add `password`, or `certificate: true`";
    return [...strange, problem(["users", name], message, { next, atKey: true })];
  });
}
