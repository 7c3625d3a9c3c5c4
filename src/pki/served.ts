/** What a live TLS listener shows, whether or not it can be trusted. */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect, type ConnectionOptions, type DetailedPeerCertificate, type TLSSocket } from "node:tls";

export interface Served {
  /** PEM, the leaf first, as the listener sent it and up to the given CA where that fits; empty without TLS. */
  readonly chain: readonly string[];
  /** Whether a client that trusts the given CA and dials this address would accept it. */
  readonly authorized: boolean;
  /** Why not, or why there is no chain: one line. */
  readonly reason: string | undefined;
  /** "TLSv1.3" and the like. */
  readonly protocol: string | undefined;
}

export interface Dialler {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Dial, look, hang up. Never throws for what the other side does: that is the reason in the result.
 * @param deadline milliseconds for the whole attempt
 * @param path a local socket that leads there, in place of the network
 */
export function servedCertificate(
  host: string,
  port: number,
  identity: Dialler | undefined,
  deadline: number,
  path?: string,
): Promise<Served> {
  const options: ConnectionOptions = {
    host,
    ...(path === undefined ? { port } : { path }),
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(identity === undefined ? {} : { ca: identity.ca, cert: identity.cert, key: identity.key }),
  };
  return new Promise((resolve) => {
    const socket = connect(options);
    let done = false;
    const finish = (reason: string | undefined): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      resolve(seen(socket, reason));
      socket.destroy();
    };
    const timer = setTimeout(() => finish(`no TLS answer within ${String(deadline)} ms`), deadline);
    socket.once("secureConnect", () => finish(undefined));
    // Before TLS 1.3 a listener that wants another client certificate ends the handshake after it has shown its own.
    socket.on("error", (error) => finish(error.message));
    socket.once("close", () => finish("the connection was closed during the handshake"));
  });
}

function seen(socket: TLSSocket, reason: string | undefined): Served {
  const chain = chainOf(socket);
  const distrust = socket.authorizationError as Error | string | null | undefined;
  return {
    chain,
    authorized: reason === undefined && socket.authorized,
    reason: reason ?? (socket.authorized ? undefined : String(distrust ?? "not trusted")),
    protocol: reason === undefined ? (socket.getProtocol() ?? undefined) : undefined,
  };
}

/** Node links each certificate to its issuer and a root to itself. */
function chainOf(socket: TLSSocket): string[] {
  const chain: string[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  const met = new Set<string>();
  while (next?.raw !== undefined && !met.has(next.fingerprint256)) {
    met.add(next.fingerprint256);
    chain.push(new X509Certificate(next.raw).toString());
    next = next.issuerCertificate;
  }
  return chain;
}
