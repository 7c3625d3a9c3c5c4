/** Opens the socket below an HTTP/2 session. */
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, createSecureContext } from "node:tls";
import type { DetailedPeerCertificate, PeerCertificate, SecureContext, TLSSocket } from "node:tls";
import type { Address } from "./address.js";

/** PEM texts: whom to trust, and who we are. Parts that are absent are left to the system or not sent. */
export interface TlsMaterial {
  readonly ca?: string | Uint8Array | undefined;
  readonly cert?: string | Uint8Array | undefined;
  readonly key?: string | Uint8Array | undefined;
}

/** The local socket that leads to an address; undefined: the network does. */
export type Through = (address: { readonly host: string; readonly port: number }) => Promise<string | undefined>;

/** The last few, oldest first. Making one takes milliseconds, and all members are asked with the same material. */
const contexts: { readonly of: TlsMaterial; readonly context: SecureContext }[] = [];
const mostKept = 4;

/** Making the first one of a process takes tens of milliseconds, since OpenSSL then reads all CAs that come with Node. */
export function contextOf(material: TlsMaterial): SecureContext {
  const known = contexts.find(
    ({ of }) => of.ca === material.ca && of.cert === material.cert && of.key === material.key,
  );
  if (known !== undefined) return known.context;
  const pem = (part: string | Uint8Array | undefined): string | Buffer | undefined =>
    part instanceof Uint8Array ? Buffer.from(part) : part;
  const context = createSecureContext({
    ca: pem(material.ca),
    cert: pem(material.cert),
    key: pem(material.key),
    minVersion: "TLSv1.2",
  });
  contexts.push({ of: { ca: material.ca, cert: material.cert, key: material.key }, context });
  if (contexts.length > mostKept) contexts.shift();
  return context;
}

/**
 * A socket that is still connecting; it emits `secureConnect` (https) or `connect` (http) when it is ready.
 * @param path a local socket that leads there, in place of the network
 * @throws what node:tls throws for material that cannot be parsed.
 */
export function dial(
  address: Address,
  material: TlsMaterial | undefined,
  protocol: "h2" | "http/1.1",
  path?: string,
): Socket {
  const { host, port } = address;
  // The host stays, since that is whom the certificate is to name.
  const target = path === undefined ? { host, port } : { host, path };
  const socket = address.secure
    ? // servername stays unset: Node derives it from a host name and checks IP SANs for an IP, and newer Node
      // refuses an IP there.
      leafAlone(
        connectTls({
          ...target,
          ALPNProtocols: [protocol],
          secureContext: contextOf(material ?? {}),
          checkServerIdentity: checkIdentity,
        }),
      )
    : connectTcp(target);
  return socket.setNoDelay(true);
}

/**
 * Node has the peer's certificate written out for `checkServerIdentity`, together with all its issuers, which OpenSSL has
 * verified by then and nobody reads. That takes longer than the check.
 */
function leafAlone(socket: TLSSocket): TLSSocket {
  const written = socket.getPeerCertificate;
  socket.getPeerCertificate = () => written.call(socket, false) as DetailedPeerCertificate;
  return socket;
}

/**
 * Node decides; but since some Node 22 find no IPv6 address in any certificate, OpenSSL is asked about an address that
 * Node does not find.
 */
function checkIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const refusal = checkServerIdentity(host, certificate);
  if (refusal === undefined || isIP(host) === 0) return refusal;
  // Loaded only here, since it takes longer than a handshake.
  const { X509Certificate } = process.getBuiltinModule("node:crypto");
  return new X509Certificate(certificate.raw).checkIP(host) === undefined ? refusal : undefined;
}

export const readyEvent = (address: Address): string => (address.secure ? "secureConnect" : "connect");
