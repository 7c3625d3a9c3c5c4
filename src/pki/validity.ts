/** How long a certificate is good for. */
import { QuorateError } from "../errors.js";

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const day = 24 * 60 * 60 * 1000;

/** Hosts whose clock is a little behind must not see a certificate of the future. */
const backDatedMilliseconds = 10 * 60 * 1000;

/** The end of time in X.509 (RFC 5280 §4.1.2.5). */
const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59);

/** From ten minutes before now, for this many days. */
export function validityFor(days: number, now: number): Validity {
  return {
    notBefore: wholeSecond(now - backDatedMilliseconds),
    notAfter: wholeSecond(Math.min(now + days * day, lastInstant)),
  };
}

/**
 * The same within the CA's own life: a leaf is neither older than its CA nor outlives it. `clamped` says whether that
 * costs more than a day.
 */
export function validityWithin(ca: Validity, days: number, now: number): Validity & { readonly clamped: boolean } {
  const wanted = validityFor(days, now);
  return {
    notBefore: wanted.notBefore < ca.notBefore ? ca.notBefore : wanted.notBefore,
    notAfter: wanted.notAfter > ca.notAfter ? ca.notAfter : wanted.notAfter,
    clamped: wanted.notAfter.getTime() > ca.notAfter.getTime() + day,
  };
}

/** For a lifetime that somebody asked for in so many words. @throws QuorateError E_CERT_LIFETIME */
export function demandWithin(ca: Validity, days: number, now: number, where: string): void {
  const left = Math.floor((ca.notAfter.getTime() - now) / day);
  if (validityFor(days, now).notAfter <= ca.notAfter) return;
  throw new QuorateError("E_CERT_LIFETIME", `${where}: ${String(days)} days are more than the CA has left`, {
    where,
    expected: `at most ${String(Math.max(left, 0))} days: the CA ends on ${ca.notAfter.toISOString()}`,
    found: `${String(days)} days`,
  });
}

/** The share of a certificate's life that is left, 0–1. */
export function shareLeft(validity: Validity, now: number): number {
  const whole = validity.notAfter.getTime() - validity.notBefore.getTime();
  return whole <= 0 ? 0 : Math.max(0, (validity.notAfter.getTime() - now) / whole);
}

/** When a certificate of ours was made, milliseconds since the epoch, to the second below. */
export const issuedAt = ({ notBefore }: Validity): number => notBefore.getTime() + backDatedMilliseconds;

export const daysLeft = (notAfter: Date, now: number): number => Math.floor((notAfter.getTime() - now) / day);

/** Certificates tell time in seconds. */
export const wholeSecond = (milliseconds: number): Date => new Date(Math.floor(milliseconds / 1000) * 1000);
