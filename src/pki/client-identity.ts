/** quorate's own client identity: issued, or given, or the given leaf of a member that may also be a client. */
import { join } from "node:path";
import { inspect } from "node:util";
import { invariant } from "../errors.js";
import type { Spec, TlsSpec } from "../spec/spec.js";
import type { Authority, ClientIdentity } from "./authority.js";
import { nowOf, type AuthorityOptions, type Ca } from "./ca.js";
import type { Succession } from "./ca-succession.js";
import { checkLeaf, clientNeeds, type GivenPair } from "./check-leaf.js";
import { verdictOn, type Requirement } from "./judge.js";
import { issuePairs } from "./leaf.js";
import { certificatesIn } from "./pem.js";
import { throwAny } from "./problems.js";
import { probeProfile, rootProfile, type Profile } from "./profile.js";
import { revokedSerials } from "./revocation-record.js";
import { Secret } from "./secret.js";
import { publishSet, readLive, type SetFiles } from "./sets.js";
import { keysFit } from "./trust-files.js";

const clientFiles = ["ca.pem", "root.pem", "root-key.pem", "probe.pem", "probe-key.pem"] as const;

type ClientPart = Pick<Authority, "client" | "storedClient">;

/** @param folder absolute: the authority's own, `pki` */
export function clientIdentity(context: {
  spec: Spec;
  tls: TlsSpec;
  cas: Succession;
  folder: string;
  options: AuthorityOptions;
}): ClientPart {
  const { spec, tls, cas, options } = context;
  const folder = join(context.folder, "client");
  let underWay: Promise<ClientIdentity> | undefined;
  const fitting = remembered();
  const paired = remembered();

  async function storedFiles(): Promise<SetFiles | undefined> {
    const live = await readLive(folder, clientFiles);
    if (live === undefined) return undefined;
    return paired(textsIn(live.files), () => keysFit(live.files, ["root", "probe"])) ? live.files : undefined;
  }

  /** Of the CA that signs now, whatever else is trusted. */
  function fit(files: SetFiles): boolean {
    const ca = cas.signing();
    const trusted = ca.trustedNow();
    if (trusted === undefined) return false;
    const [now, revoked] = [nowOf(options), revokedSerials(context.folder)];
    const minute = String(Math.floor(now / 60_000));
    return fitting([...textsIn(files), trusted, ...revoked, minute], () =>
      judged(files, ca, { trusted, now, revoked }),
    );
  }

  function judged(
    files: SetFiles,
    ca: Ca,
    { trusted, now, revoked }: { trusted: string; now: number; revoked: ReadonlySet<string> },
  ): boolean {
    const measure = { ...{ trusted: certificatesIn(trusted, ca.file), now, renewAt: tls.renewAt }, revoked };
    const pairs = new Map([
      [requirement("root", rootProfile), files["root.pem"] ?? ""],
      [requirement("probe", probeProfile(spec)), files["probe.pem"] ?? ""],
    ]);
    const { state } = verdictOn(pairs, trusted, measure);
    return state === "ok" || (state === "renewal-due" && !ca.canSign());
  }

  async function issue(): Promise<ClientIdentity> {
    const stored = await storedFiles();
    if (stored !== undefined && fit(stored)) return identity(await withTrusted(stored));
    const { trusted, pairs } = await issuePairs([rootProfile, probeProfile(spec)], { ...context, ca: cas.signing() });
    const [root, probe] = pairs;
    invariant(root !== undefined && probe !== undefined, "one pair for each profile");
    const files = {
      "ca.pem": trusted,
      "root.pem": root.cert,
      "root-key.pem": root.key,
      "probe.pem": probe.cert,
      "probe-key.pem": probe.key,
    };
    await publishSet(folder, files);
    return identity(files);
  }

  /** The same pairs beside all that is trusted now; written once it is on record. */
  async function withTrusted(stored: SetFiles): Promise<SetFiles> {
    const trusted = cas.trustedNow() ?? "";
    if (trusted === stored["ca.pem"]) return stored;
    const files = { ...stored, "ca.pem": trusted };
    if (cas.isRecorded()) await publishSet(folder, files);
    return files;
  }

  function identity(files: SetFiles): ClientIdentity {
    const live = join(folder, "live");
    return sealed(
      { ca: files["ca.pem"]!, cert: files["root.pem"]!, key: files["root-key.pem"]! },
      { cert: files["probe.pem"]!, key: files["probe-key.pem"]! },
      { ca: join(live, "ca.pem"), cert: join(live, "root.pem"), key: join(live, "root-key.pem") },
    );
  }

  /** A client pair from outside: named as such, or, when nothing can be issued, a member's own as in the tutorial. */
  const givenPair = (): GivenPair | undefined =>
    tls.givenClient ?? (cas.wanted.canSign() ? undefined : Object.values(tls.given ?? {})[0]);

  async function givenIdentity(pair: GivenPair): Promise<ClientIdentity> {
    const trusted = cas.trustedNow() ?? (await cas.wanted.trusted()) ?? "";
    const checked = await checkLeaf(pair, clientNeeds, certificatesIn(trusted, cas.wanted.file), nowOf(options));
    throwAny(checked.problems);
    const { cert, key } = checked;
    // Without names it passes a peer's check of the address it comes from, so it can be the probe too.
    const probe = checked.certificate?.subjectAltName === undefined ? { cert, key } : undefined;
    return sealed({ ca: trusted, cert, key }, probe, { ca: cas.wanted.file, cert: pair.cert, key: pair.key });
  }

  return {
    client: () => {
      const given = givenPair();
      if (given !== undefined) return givenIdentity(given);
      underWay ??= issue().finally(() => (underWay = undefined));
      return underWay;
    },
    storedClient: async () => {
      const given = givenPair();
      if (given !== undefined) return givenIdentity(given);
      const files = await storedFiles();
      return files === undefined ? undefined : identity({ ...files, "ca.pem": cas.trustedNow() ?? files["ca.pem"]! });
    },
  };
}

const textsIn = (files: SetFiles): string[] => clientFiles.map((name) => files[name] ?? "");

/** A verdict that is asked for at each connection, and costs milliseconds: given again as long as all of this is the same. */
function remembered(): (of: readonly string[], judge: () => boolean) => boolean {
  let last: { readonly of: string; readonly verdict: boolean } | undefined;
  return (of, judge) => {
    const all = JSON.stringify(of);
    if (last?.of !== all) last = { of: all, verdict: judge() };
    return last.verdict;
  };
}

const requirement = (what: string, profile: Profile): Requirement => ({
  what,
  names: [],
  usages: profile.usages,
  commonName: profile.commonName,
});

/** An identity that does not show its keys when it is printed or serialised. */
function sealed(
  main: { ca: string; cert: string; key: string },
  probe: { cert: string; key: string } | undefined,
  files: ClientIdentity["files"],
): ClientIdentity {
  return redacting({ ...main, probe: probe === undefined ? undefined : redacting(probe), files });
}

function redacting<T extends { key: string }>(value: T): T {
  const shown = (): object => ({ ...value, key: new Secret(value.key) });
  return Object.defineProperties(value, { toJSON: { value: shown }, [inspect.custom]: { value: shown } });
}
