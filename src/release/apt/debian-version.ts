/** Version numbers of Debian packages, as far as they are needed to tell which etcd is in them. */
import { isExactVersion } from "../versions.js";

/**
 * The etcd version in a package version such as 3.4.23-4+b4 or 3.3.25+dfsg-6; undefined for one that is not a final
 * release, such as 3.6.0~rc1-1.
 */
export function upstreamVersion(packageVersion: string): string | undefined {
  const withoutEpoch = packageVersion.replace(/^\d+:/, "");
  const upstream = withoutEpoch.replace(/-[^-]*$/, "").replace(/\+(dfsg|ds)[\d.]*$/, "");
  return isExactVersion(upstream) ? upstream : undefined;
}
