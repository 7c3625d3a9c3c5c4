/** How a value is written in a systemd unit file so that systemd reads back exactly this value (systemd.syntax(7), systemd.service(5)). */
import { QuorateError } from "../errors.js";

/** A word in double quotes; `%` is doubled because every setting used here expands specifiers. */
function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw new QuorateError("E_HOST_VALUE", "a value for a systemd unit holds a control character", {
      found: JSON.stringify(text),
    });
  }
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%");
  return /^[A-Za-z0-9_./:=,@+%-]+$/.test(text) ? escaped : `"${escaped}"`;
}

/** An argument of ExecStart=, where `$` would begin a variable. @throws QuorateError E_HOST_VALUE for control characters */
export const unitArgument = (text: string): string => quoted(text).replaceAll("$", "$$$$");

/** One assignment of Environment=, where `$` means nothing. @throws QuorateError E_HOST_VALUE */
export const unitAssignment = (name: string, value: string): string => quoted(`${name}=${value}`);

/** A path in a setting that takes a list of paths. @throws QuorateError E_HOST_VALUE */
export const unitPath = (path: string): string => quoted(path);

/** The rest of a line, such as a description. @throws QuorateError E_HOST_VALUE */
export function unitLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(text) || text.endsWith("\\")) {
    throw new QuorateError(
      "E_HOST_VALUE",
      "a line for a systemd unit holds a control character or ends with a backslash",
      { found: JSON.stringify(text) },
    );
  }
  return text.replaceAll("%", "%%");
}
