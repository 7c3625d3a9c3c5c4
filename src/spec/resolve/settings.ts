/** etcd settings in the form that etcd reads. */
import { settingValue } from "../flags/kinds.js";
import type { ClusterFile } from "../shape/schema.js";

type Written = NonNullable<NonNullable<ClusterFile["etcd"]>["settings"]>;

/** A value of the wrong form is kept for the rules to judge. */
export function resolveSettings(written: Written): Record<string, string> {
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [
      name,
      settingValue(name, settingText(value)) ?? settingText(value),
    ]),
  );
}

export const settingText = (value: Written[string]): string => (typeof value === "string" ? value : value.join(","));
