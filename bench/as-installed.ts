/** quorate as a shell starts it: by its own first lines, with the node that runs the bench. */
import { dirname, join } from "node:path";
import { execute, type Ended } from "../test/lab/execute.js";
import { project } from "../test/lab/folders.js";

const command = join(project, "dist", "cli", "main.js");

/** `quorate ARGS` in a folder, which must succeed. */
export async function quorate(folder: string, ...args: readonly string[]): Promise<Ended> {
  const env = { PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}` };
  const ended = await execute([command, ...args], { cwd: folder, env });
  if (ended.code !== 0)
    throw new Error(`quorate ${args.join(" ")} ended with ${ended.code}\n${ended.stdout}${ended.stderr}`);
  return ended;
}
