/** Calls of one client: its connection, its user's token, its default deadline. */
import { EtcdError } from "../cluster.js";
import { AuthDefinition, AuthenticateRequest } from "../proto/rpc.js";
import type { CallOptions } from "../transport/call.js";
import type { Connection } from "../transport/connection.js";
import { methodOf, type Method } from "../transport/method.js";
import { grpcStatus } from "../transport/status.js";
import { BidiCall, serverStream } from "../transport/streaming.js";
import { unary } from "../transport/unary.js";

export interface UserCredentials {
  readonly name: string;
  /** Asked for whenever a token is needed. */
  readonly password: () => Promise<string>;
}

const authenticate = methodOf(AuthDefinition, AuthDefinition.methods.authenticate);

export class Caller {
  readonly #connection: Connection;
  readonly #user: UserCredentials | undefined;
  readonly #deadline: number;
  #token: Promise<string> | undefined;

  /** @param deadline milliseconds for calls that name none. */
  constructor(connection: Connection, user: UserCredentials | undefined, deadline: number) {
    this.#connection = connection;
    this.#user = user;
    this.#deadline = deadline;
  }

  /** @throws EtcdError. */
  async unary<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    const call = { deadline: this.#deadline, ...options };
    if (this.#user === undefined) return unary(this.#connection, method, request, call);
    try {
      return await unary(this.#connection, method, request, await this.#authorized(call));
    } catch (error) {
      if (!this.forgetTokenAfter(error)) throw error;
      // etcd refused the token, not the request: nothing was carried out, so asking once more is no retry.
      return unary(this.#connection, method, request, await this.#authorized(call));
    }
  }

  /** No default deadline. @throws EtcdError. */
  async *serverStream<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): AsyncGenerator<Response, void, undefined> {
    try {
      yield* serverStream(this.#connection, method, request, await this.#authorized(options));
    } catch (error) {
      this.forgetTokenAfter(error);
      throw error;
    }
  }

  /** No default deadline. @throws EtcdError. */
  async bidi<Request, Response>(
    method: Method<Request, Response>,
    options: CallOptions = {},
  ): Promise<BidiCall<Request, Response>> {
    return new BidiCall(this.#connection, method, await this.#authorized(options));
  }

  async #authorized(options: CallOptions): Promise<CallOptions> {
    if (this.#user === undefined) return options;
    this.#token ??= this.#authenticate(this.#user).catch((error: unknown) => {
      this.#token = undefined;
      throw error;
    });
    return { ...options, metadata: { ...options.metadata, token: await this.#token } };
  }

  async #authenticate(user: UserCredentials): Promise<string> {
    const request = AuthenticateRequest.create({ name: user.name, password: await user.password() });
    return (await unary(this.#connection, authenticate, request, { deadline: this.#deadline })).token;
  }

  /**
   * True when the error says that the token is no longer known, so that the next call fetches a new one: a member
   * forgets its simple tokens after minutes of disuse and at each restart.
   */
  forgetTokenAfter(error: unknown): boolean {
    if (!(error instanceof EtcdError) || error.status !== grpcStatus.UNAUTHENTICATED) return false;
    const known = this.#token !== undefined;
    this.#token = undefined;
    return known;
  }
}
