/** Durations as etcd's own tools print them, and as people say them. */

/** As Go's time.Duration prints itself: 1.687897ms, 512µs, 1.5s, 2m0.25s. @param milliseconds at least 0 */
export function goDuration(milliseconds: number): string {
  const nanoseconds = Math.round(milliseconds * 1e6);
  if (nanoseconds === 0) return "0s";
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${decimal(nanoseconds, 3)}µs`;
  if (nanoseconds < 1e9) return `${decimal(nanoseconds, 6)}ms`;
  const minute = 60e9;
  const hours = Math.floor(nanoseconds / (60 * minute));
  const minutes = Math.floor(nanoseconds / minute) % 60;
  const parts = [hours > 0 ? `${hours}h` : "", hours > 0 || minutes > 0 ? `${minutes}m` : ""];
  return `${parts.join("")}${decimal(nanoseconds % minute, 9)}s`;
}

/** units × 10^-places, without trailing zeros. */
function decimal(units: number, places: number): string {
  const digits = String(units).padStart(places + 1, "0");
  const point = digits.length - places;
  let end = digits.length;
  while (end > point && digits[end - 1] === "0") end -= 1;
  const whole = digits.slice(0, point);
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
}

/** How long something took, to two or three figures: 4 ms, 1.2 s, 3m 20s. */
export function elapsed(milliseconds: number): string {
  if (milliseconds < 9.95) return `${trimmed(milliseconds)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

const trimmed = (value: number): string => value.toFixed(1).replace(/\.0$/, "");

const day = 86_400_000;

/** How long until then: 364 days, 5 hours, "expired 3 days ago". */
export function until(then: number, now: number): string {
  const left = then - now;
  if (left >= 0) return span(left);
  return `expired ${span(-left)} ago`;
}

function span(milliseconds: number): string {
  const [amount, unit] =
    milliseconds >= 2 * day
      ? [Math.floor(milliseconds / day), "day"]
      : milliseconds >= 7_200_000
        ? [Math.floor(milliseconds / 3_600_000), "hour"]
        : [Math.floor(milliseconds / 60_000), "minute"];
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}
