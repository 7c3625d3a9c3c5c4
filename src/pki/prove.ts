/** Shaking hands with listeners for the sake of it, before something depends on it. */
import { request } from "node:https";
import type { TLSSocket } from "node:tls";
import type { Spec, TlsSpec } from "../spec/spec.js";
import type { Listener } from "./authority.js";
import type { AuthorityOptions } from "./ca.js";
import type { Succession } from "./ca-succession.js";
import { issuePairs } from "./leaf.js";
import { probeProfile, rootProfile } from "./profile.js";

/** Milliseconds for one handshake and one answer. */
const patience = 5_000;

interface Identity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * A listener that refuses a certificate says so only after the handshake (TLS 1.3), so each is asked for its version too;
 * whatever it answers, it has accepted us.
 */
export async function proveListeners(
  listeners: readonly Listener[],
  shown: boolean,
  context: { spec: Spec; tls: TlsSpec; cas: Succession; options: AuthorityOptions },
): Promise<string[]> {
  const { spec, cas } = context;
  const profiles = { client: rootProfile, peer: probeProfile(spec) };
  const { trusted, pairs } = await issuePairs([profiles.client, profiles.peer], { ...context, ca: cas.wanted });
  const ca = shown ? trusted : (cas.trustedNow() ?? trusted);
  const complaints = await Promise.all(
    listeners.map(async ({ url, kind }) => {
      const pair = pairs[kind === "client" ? 0 : 1];
      const identity = { ca, cert: pair?.cert ?? "", key: pair?.key ?? "" };
      const complaint = await shakeHands(new URL(url), identity, context.options.through);
      return complaint === undefined ? [] : [`${url} (${kind}): ${complaint}`];
    }),
  );
  return complaints.flat();
}

/** @returns why not */
async function shakeHands(
  url: URL,
  identity: Identity,
  through: AuthorityOptions["through"],
): Promise<string | undefined> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const socketPath = await through?.({ host, port: Number(url.port) }).catch(() => undefined);
  return new Promise((resolve) => {
    const options = { ...identity, agent: false, timeout: patience, ...(socketPath !== undefined && { socketPath }) };
    const asked = request(new URL("/version", url), options);
    let authorized = false;
    asked.once("socket", (socket) =>
      socket.once("secureConnect", () => (authorized = (socket as TLSSocket).authorized)),
    );
    asked.once("response", (response) => {
      response.resume();
      resolve(authorized ? undefined : "its certificate is not trusted");
    });
    asked.once("timeout", () => asked.destroy(new Error(`no answer within ${patience} ms`)));
    asked.once("error", (error) => resolve(error.message));
    asked.end();
  });
}
