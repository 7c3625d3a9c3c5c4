/** Users, roles and who may do what. */
import { Permission_Type } from "../proto/auth.js";
import {
  AuthDefinition,
  AuthDisableRequest,
  AuthEnableRequest,
  AuthRoleAddRequest,
  AuthRoleDeleteRequest,
  AuthRoleGetRequest,
  AuthRoleGrantPermissionRequest,
  AuthRoleListRequest,
  AuthRoleRevokePermissionRequest,
  AuthStatusRequest,
  AuthUserAddRequest,
  AuthUserChangePasswordRequest,
  AuthUserDeleteRequest,
  AuthUserGetRequest,
  AuthUserGrantRoleRequest,
  AuthUserListRequest,
  AuthUserRevokeRoleRequest,
  AuthenticateRequest,
  type AuthRoleGetResponse,
  type AuthRoleListResponse,
  type AuthStatusResponse,
  type AuthUserGetResponse,
  type AuthUserListResponse,
  type AuthenticateResponse,
} from "../proto/rpc.js";
import type { CallOptions } from "../transport/call.js";
import { methodOf, type Method } from "../transport/method.js";
import { bytesOf, type Bytes } from "./bytes.js";
import type { Caller } from "./caller.js";

export type PermissionKind = "read" | "write" | "readwrite";

/** Every call rejects with EtcdError. Passwords go to etcd as they are, so use TLS. */
export interface Auth {
  /** Needs the user root with the role root. */
  enable(call?: CallOptions): Promise<void>;
  disable(call?: CallOptions): Promise<void>;
  /** 3.5+. */
  status(call?: CallOptions): Promise<AuthStatusResponse>;
  authenticate(name: string, password: string, call?: CallOptions): Promise<AuthenticateResponse>;
  /** @param password undefined: the user can only come with a client certificate of that CN (3.4+). */
  userAdd(name: string, password: string | undefined, call?: CallOptions): Promise<void>;
  userGet(name: string, call?: CallOptions): Promise<AuthUserGetResponse>;
  userList(call?: CallOptions): Promise<AuthUserListResponse>;
  userDelete(name: string, call?: CallOptions): Promise<void>;
  userChangePassword(name: string, password: string, call?: CallOptions): Promise<void>;
  userGrantRole(user: string, role: string, call?: CallOptions): Promise<void>;
  userRevokeRole(name: string, role: string, call?: CallOptions): Promise<void>;
  roleAdd(name: string, call?: CallOptions): Promise<void>;
  roleGet(role: string, call?: CallOptions): Promise<AuthRoleGetResponse>;
  roleList(call?: CallOptions): Promise<AuthRoleListResponse>;
  roleDelete(role: string, call?: CallOptions): Promise<void>;
  /** @param rangeEnd undefined: this one key; see prefixEnd for all keys with a prefix. */
  roleGrantPermission(
    role: string,
    kind: PermissionKind,
    key: Bytes,
    rangeEnd?: Bytes,
    call?: CallOptions,
  ): Promise<void>;
  roleRevokePermission(role: string, key: Bytes, rangeEnd?: Bytes, call?: CallOptions): Promise<void>;
}

const kinds: Record<PermissionKind, Permission_Type> = {
  read: Permission_Type.READ,
  write: Permission_Type.WRITE,
  readwrite: Permission_Type.READWRITE,
};

export function authOf(caller: Caller): Auth {
  const { methods } = AuthDefinition;
  /** For the RPCs whose answer is nothing but a header. */
  const tell = async <Request>(
    definition: Parameters<typeof methodOf<Request, unknown>>[1],
    request: Request,
    call?: CallOptions,
  ): Promise<void> => {
    await caller.unary(methodOf(AuthDefinition, definition), request, call);
  };
  const ask = <Request, Response>(
    definition: Parameters<typeof methodOf<Request, Response>>[1],
    request: Request,
    call?: CallOptions,
  ): Promise<Response> => {
    const method: Method<Request, Response> = methodOf(AuthDefinition, definition);
    return caller.unary(method, request, call);
  };
  return {
    enable: (call) => tell(methods.authEnable, AuthEnableRequest.create(), call),
    disable: (call) => tell(methods.authDisable, AuthDisableRequest.create(), call),
    status: (call) => ask(methods.authStatus, AuthStatusRequest.create(), call),
    authenticate: (name, password, call) =>
      ask(methods.authenticate, AuthenticateRequest.create({ name, password }), call),
    userAdd: (name, password, call) => {
      const options = { noPassword: password === undefined };
      return tell(methods.userAdd, AuthUserAddRequest.create({ name, password: password ?? "", options }), call);
    },
    userGet: (name, call) => ask(methods.userGet, AuthUserGetRequest.create({ name }), call),
    userList: (call) => ask(methods.userList, AuthUserListRequest.create(), call),
    userDelete: (name, call) => tell(methods.userDelete, AuthUserDeleteRequest.create({ name }), call),
    userChangePassword: (name, password, call) =>
      tell(methods.userChangePassword, AuthUserChangePasswordRequest.create({ name, password }), call),
    userGrantRole: (user, role, call) =>
      tell(methods.userGrantRole, AuthUserGrantRoleRequest.create({ user, role }), call),
    userRevokeRole: (name, role, call) =>
      tell(methods.userRevokeRole, AuthUserRevokeRoleRequest.create({ name, role }), call),
    roleAdd: (name, call) => tell(methods.roleAdd, AuthRoleAddRequest.create({ name }), call),
    roleGet: (role, call) => ask(methods.roleGet, AuthRoleGetRequest.create({ role }), call),
    roleList: (call) => ask(methods.roleList, AuthRoleListRequest.create(), call),
    roleDelete: (role, call) => tell(methods.roleDelete, AuthRoleDeleteRequest.create({ role }), call),
    roleGrantPermission: (name, kind, key, rangeEnd = "", call) => {
      const perm = { permType: kinds[kind], key: bytesOf(key), rangeEnd: bytesOf(rangeEnd) };
      return tell(methods.roleGrantPermission, AuthRoleGrantPermissionRequest.create({ name, perm }), call);
    },
    roleRevokePermission: (role, key, rangeEnd = "", call) => {
      const request = { role, key: bytesOf(key), rangeEnd: bytesOf(rangeEnd) };
      return tell(methods.roleRevokePermission, AuthRoleRevokePermissionRequest.create(request), call);
    },
  };
}
