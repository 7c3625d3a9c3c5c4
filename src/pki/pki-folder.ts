import { join } from "node:path";
import type { Spec } from "../spec/spec.js";

/** Where the authority keeps its files: `pki` in the spec's state folder. */
export const pkiFolder = (spec: Spec): string => join(spec.stateDir, "pki");
