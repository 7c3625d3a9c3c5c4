/** RPCs as ts-proto's generic definitions describe them. */
import { EtcdError } from "../cluster.js";
import { grpcStatus } from "./status.js";

export interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

export interface Method<Request, Response> {
  /** /package.Service/Method. */
  readonly path: string;
  readonly request: Codec<Request>;
  readonly response: Codec<Response>;
}

interface Definition<Request, Response> {
  readonly name: string;
  readonly requestType: Codec<Request>;
  readonly responseType: Codec<Response>;
}

/** The method of a generated service definition. */
export function methodOf<Request, Response>(
  service: { readonly fullName: string },
  definition: Definition<Request, Response>,
): Method<Request, Response> {
  return {
    path: `/${service.fullName}/${definition.name}`,
    request: definition.requestType,
    response: definition.responseType,
  };
}

/** @throws EtcdError with status INTERNAL when the bytes are not such a message. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  try {
    return codec.decode(bytes);
  } catch (error) {
    throw new EtcdError("status", "the server sent a message that cannot be decoded", grpcStatus.INTERNAL, error);
  }
}
