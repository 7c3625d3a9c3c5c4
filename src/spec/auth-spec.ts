/** Who may do what in etcd, fully resolved. The user and the role root are always there. */
export interface AuthSpec {
  /** false: everybody with a certificate may do everything, and users and roles wait. */
  readonly enabled: boolean;
  /** Users and roles that the file does not name are removed. */
  readonly exclusive: boolean;
  /** What each role may do, as texts of grants, sorted. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly users: Readonly<Record<string, UserSpec>>;
}

export interface UserSpec {
  /** Sorted. */
  readonly roles: readonly string[];
  /** undefined: it comes with a certificate of its name only. */
  readonly password: PasswordSource | undefined;
}

/** Where a password is; never the password. */
export type PasswordSource =
  | { readonly kind: "env"; readonly name: string }
  /** Absolute path on the operator's machine; the first line counts. */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "prompt" };
