import { expect, it } from "vitest";
import { EtcdError } from "../../../src/etcd/cluster.js";
import { connectFailure, lostConnection } from "../../../src/etcd/transport/failure.js";

it.each([
  ["ECONNREFUSED", "refused"],
  ["ETIMEDOUT", "unreachable"],
  ["EHOSTUNREACH", "unreachable"],
  ["ENETUNREACH", "unreachable"],
  ["ECONNRESET", "unreachable"],
  ["ENOTFOUND", "unreachable"],
  ["EAI_AGAIN", "unreachable"],
  ["ERR_HTTP2_ERROR", "unreachable"],
  [undefined, "unreachable"],
  ["CERT_HAS_EXPIRED", "tls"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tls"],
])("%s while connecting is %s", (code, kind) => {
  const failure = connectFailure("https://a:1", Object.assign(new Error("why"), { code }));
  expect(failure).toMatchObject({ kind, sent: false, status: undefined });
  expect(failure.message).toBe("https://a:1: why");
});

it("an EtcdError stays what it is", () => {
  const error = new EtcdError("tls", "x");
  expect(connectFailure("https://a:1", error)).toBe(error);
});

it("a connection that is lost later may have carried the request", () => {
  expect(lostConnection("https://a:1", new Error("why"))).toMatchObject({ kind: "unreachable", sent: true });
});
