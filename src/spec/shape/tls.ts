/** The TLS part of the schema. */
import type * as Zod from "zod";
import { fieldsOf } from "./fields.js";

type ZodLibrary = typeof Zod;

export const keyAlgorithms = ["ecdsa-p256", "ecdsa-p384", "rsa-2048", "rsa-3072", "rsa-4096", "ed25519"] as const;

export function tlsShape(z: ZodLibrary) {
  const { one, text, listOf, choice } = fieldsOf(z);
  const pair = z.strictObject({ cert: one("path", "Certificate in PEM."), key: one("path", "Its key in PEM.") });
  return z.strictObject({
    algorithm: choice(keyAlgorithms, "Kind and size of every key. Default: ecdsa-p256."),
    subject: z
      .strictObject({
        C: text("text", "Country, two letters."),
        ST: text("text", "State."),
        L: text("text", "Locality."),
        O: text("text", "Organization."),
        OU: text("text", "Organizational unit."),
      })
      .optional()
      .describe("Fields of the distinguished name besides CN, as in a cfssl request."),
    sans: listOf("address", "Further names and addresses for every server certificate.").optional(),
    validity: z
      .strictObject({
        ca: text("duration", "Of the CA. Default: 10y."),
        leaf: text("duration", "Of every other certificate. Default: 365d."),
      })
      .optional()
      .describe("How long certificates are valid; whole days."),
    "renew-at": text(
      "share",
      "A certificate is due for renewal when less than this share of its time is left. Default: 0.33.",
    ),
    ca: z
      .strictObject({
        cert: one("path", "CA certificate in PEM."),
        key: text("path", "Its key; not needed when all certificates are given."),
      })
      .optional()
      .describe("A given CA. Default: an own one, made at first use."),
    certificates: z
      .union([pair, z.record(z.string(), pair)])
      .optional()
      .describe("Given certificates instead of issued ones: one shared pair, or a pair per member."),
    peers: choice(
      ["own", "any"],
      "Whose certificates open the peer port: those of members alone, told by their common name (default), or any of the CA.",
    ),
    revocation: text(
      "flag",
      "Whether members read a list of revoked certificates. Default: as soon as `quorate certs revoke` was used; true: from the start, so that the first one needs no restart.",
    ),
    "peer-name": text("text", "Common name of the members' certificates among themselves. Default: NAME-peer."),
    client: pair.optional().describe("A given client pair for quorate itself and for etcdctl."),
    keys: choice(
      ["operator", "host"],
      "Where keys are made: on the operator's machine (default), or on the host, which then needs openssl.",
    ),
  });
}
