import { expect, test } from "vitest";
import { runTool, troubleOf } from "../../src/release/tool.js";

const environment = { PATH: "/usr/bin:/bin" };

test("a program's output, exit status and English messages are had", async () => {
  const result = await runTool("sh", ["-c", 'echo "$LC_ALL"; echo oh >&2; exit 3'], { environment, patience: 20_000 });
  expect(result).toEqual({ code: 3, stdout: "C.UTF-8\n", stderr: "oh\n", trouble: undefined });
  expect(troubleOf("sh", result)).toBe("sh failed (exit 3): oh");
});

test("a program that is not there or does not end is told apart from one that fails", async () => {
  const missing = await runTool("no-such-program", [], { environment, patience: 20_000 });
  expect(troubleOf("it", missing)).toBe("it is not installed");
  const slow = await runTool("sleep", ["30"], { environment, patience: 50 });
  expect(troubleOf("it", slow)).toBe("it took too long and was ended");
});

test("warnings are not taken for the reason of a failure", async () => {
  const result = await runTool("sh", ["-c", "echo 'E: broken' >&2; echo 'W: unsandboxed' >&2; exit 100"], {
    environment,
    patience: 20_000,
  });
  expect(troubleOf("apt-get", result)).toBe("apt-get failed (exit 100): E: broken");
});
