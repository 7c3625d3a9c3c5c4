/** Bytes as people read them. Binary units, as etcd's quota and etcdctl's tables use. */
const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Three figures at most: 512 B, 20.5 KiB, 2 GiB. @param bytes at least 0 */
export function size(bytes: number | bigint): string {
  let value = Number(bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = value < 99.95 && unit > 0 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value));
  return `${text} ${units[unit] ?? "B"}`;
}

/** part of whole in per cent, without decimals; "-" when there is no whole. */
export function share(part: number | bigint, whole: number | bigint): string {
  return Number(whole) === 0 ? "-" : `${Math.round((Number(part) / Number(whole)) * 100)} %`;
}
