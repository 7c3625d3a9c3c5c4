/** Issues one member's certificates: `issuing-process.ts STATE_FOLDER MEMBER`. */
import { openAuthority } from "../../src/pki/open-authority.js";
import { exampleSpec } from "./example-spec.js";

const [folder, member] = process.argv.slice(2);
if (folder === undefined || member === undefined) throw new Error("usage: issuing-process.ts STATE_FOLDER MEMBER");
await openAuthority(exampleSpec(folder)).issue(member);
