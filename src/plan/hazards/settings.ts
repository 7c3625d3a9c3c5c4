import { versionSettings } from "../etcd-settings.js";
import type { Judge } from "../hazards.js";

/** Every version on the way must be able to start with what the file asks for: nothing is dropped without a word. */
export const settingsHazards: Judge = ({ spec, wish }) =>
  wish.hops.flatMap((version) =>
    versionSettings(version, spec.etcd.settings).problems.map(({ name, value, message, expected, next }) => ({
      code: "E_SPEC_SETTING" as const,
      member: undefined,
      message,
      severity: "refuse" as const,
      expected,
      found: `${name}: ${value}`,
      next,
    })),
  );
