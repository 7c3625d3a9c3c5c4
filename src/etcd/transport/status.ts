/** How an RPC ended, as gRPC says it in headers or trailers. */
import type { AnswerHeaders } from "./http2.js";

/** Status codes of gRPC that are used by name; the numbers are the protocol's. */
export const grpcStatus = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export interface Status {
  readonly code: number;
  readonly message: string;
}

/** The status in these headers or trailers; undefined when they hold none. */
export function statusIn(headers: AnswerHeaders): Status | undefined {
  const text = headers["grpc-status"];
  if (text === undefined) return undefined;
  return { code: codeOf(String(text)), message: percentDecode(String(headers["grpc-message"] ?? "")) };
}

function codeOf(text: string): number {
  // Said first, since nearly every call ends so and a pattern takes time to make.
  if (text === "0") return grpcStatus.OK;
  return /^\d{1,9}$/.test(text) ? Number(text) : grpcStatus.UNKNOWN;
}

/** What an answer without gRPC status means. Source: grpc/doc/http-grpc-status-mapping.md. */
export function statusOfHttp(httpStatus: number): Status {
  const codes: Record<number, number> = {
    400: grpcStatus.INTERNAL,
    401: grpcStatus.UNAUTHENTICATED,
    403: grpcStatus.PERMISSION_DENIED,
    404: grpcStatus.UNIMPLEMENTED,
    429: grpcStatus.UNAVAILABLE,
    502: grpcStatus.UNAVAILABLE,
    503: grpcStatus.UNAVAILABLE,
    504: grpcStatus.UNAVAILABLE,
  };
  return {
    code: codes[httpStatus] ?? grpcStatus.UNKNOWN,
    message: `the server answered with HTTP status ${httpStatus}`,
  };
}

/** What a reset stream means. Source: grpc/doc/PROTOCOL-HTTP2.md, Errors. */
export function statusOfReset(http2Code: number): Status {
  const codes: Record<number, number> = {
    7: grpcStatus.UNAVAILABLE,
    8: grpcStatus.CANCELLED,
    11: grpcStatus.RESOURCE_EXHAUSTED,
    12: grpcStatus.PERMISSION_DENIED,
  };
  return {
    code: codes[http2Code] ?? grpcStatus.INTERNAL,
    message: `the server reset the call with HTTP/2 code ${http2Code}`,
  };
}

/** grpc-message is percent-encoded UTF-8; what is not validly encoded is left as it came. */
export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  const bytes: Buffer[] = [];
  for (const [part, hex] of text.matchAll(/%([0-9a-fA-F]{2})|[^%]+|%/g)) {
    bytes.push(hex === undefined ? Buffer.from(part) : Buffer.from(hex, "hex"));
  }
  return Buffer.concat(bytes).toString("utf8");
}

/** Milliseconds as a grpc-timeout header: at most eight digits and a unit. */
export function timeoutHeader(milliseconds: number): string {
  const whole = Math.max(1, Math.ceil(milliseconds));
  return whole < 1e8 ? `${whole}m` : `${Math.min(Math.ceil(whole / 1000), 99_999_999)}S`;
}
