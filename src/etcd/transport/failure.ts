/** Errors of sockets and TLS as EtcdError, decided by their codes. */
import { EtcdError } from "../cluster.js";
import type { Address } from "./address.js";

interface CodedError {
  readonly code?: unknown;
  readonly message?: unknown;
}

const nameLookup = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME", "ENODATA", "ESERVFAIL"]);

/**
 * A failure before any request left.
 * @param url for the message.
 * @param error of the socket, TLS, or the HTTP/2 session.
 */
export function connectFailure(url: string, error: unknown): EtcdError {
  if (error instanceof EtcdError) return error;
  const { code, message } = error as CodedError;
  const text = `${url}: ${typeof message === "string" && message !== "" ? message : String(code ?? error)}`;
  return new EtcdError(kindOf(typeof code === "string" ? code : ""), text, undefined, error, false);
}

/** One over which requests had left before the server said anything; in the words of one that was never made. */
export function unheardConnection(url: string, error: unknown): EtcdError {
  const reason = error ?? closedEarly();
  const { kind, message } = connectFailure(url, reason);
  return new EtcdError(kind, message, undefined, reason);
}

/** Of a connection that ended without a reason, before anything was said on it. */
export const closedEarly = (): Error => Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" });

function kindOf(code: string): EtcdError["kind"] {
  if (code === "ECONNREFUSED") return "refused";
  const { errno } = process.getBuiltinModule("node:os").constants;
  if (code in errno || nameLookup.has(code) || code.startsWith("ERR_HTTP2") || code === "") return "unreachable";
  // What is neither the system's, the resolver's nor HTTP/2's comes from TLS: ERR_SSL_…, ERR_TLS_…, and the names
  // of X.509 verification errors such as CERT_HAS_EXPIRED.
  return "tls";
}

/** A connection that broke after requests had left on it. */
export function lostConnection(url: string, error: unknown): EtcdError {
  const message = error instanceof Error && error.message !== "" ? `: ${error.message}` : "";
  return new EtcdError("unreachable", `${url}: the connection was lost${message}`, undefined, error);
}

/** A call that was not answered in time. @param milliseconds as they were given */
export function deadlineError({ url }: Address, milliseconds: number, sent: boolean): EtcdError {
  return new EtcdError(
    "deadline",
    `${url}: no answer within ${Math.round(milliseconds)} ms`,
    undefined,
    undefined,
    sent,
  );
}
