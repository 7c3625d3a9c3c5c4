/** The part of the schema about users and roles of etcd. */
import type * as Zod from "zod";
import { fieldsOf } from "./fields.js";

type ZodLibrary = typeof Zod;

export function authShape(z: ZodLibrary) {
  const { one, text, listOf } = fieldsOf(z);
  const password = z.union([
    z.literal("prompt"),
    z.strictObject({ env: one("name", "Environment variable that holds it when quorate runs.") }),
    z.strictObject({ file: one("path", "File whose first line it is.") }),
  ]);
  const user = z.strictObject({
    roles: listOf("name", "Roles of this user.").optional(),
    password: password.optional().describe("Where quorate finds the password; never the password itself."),
    certificate: text("flag", "It comes with a certificate of its name, and with no password."),
  });
  return z.strictObject({
    enabled: text("flag", "Whether etcd asks who somebody is. Default: true."),
    exclusive: text("flag", "Remove users and roles that this file does not name. Default: false."),
    roles: z
      .record(z.string(), listOf("text", ""))
      .optional()
      .describe(
        "What each role may do: lines of `read`, `write` or `readwrite` and `/one/key`, `/prefix/*`, `from .. before` or `*`.",
      ),
    users: z
      .record(z.string(), user)
      .optional()
      .describe(
        "Users with their `roles`, and either `password: {env: NAME}`, `{file: PATH}` or `prompt`, or `certificate: true`.",
      ),
  });
}
