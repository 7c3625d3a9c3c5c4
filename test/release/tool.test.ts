import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runTool, troubleOf } from "../../src/release/tool.js";
import { until } from "../support/until.js";

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

test("all that a program has started ends with it when it takes too long", async () => {
  const script = "sleep 300 & echo $!; wait";
  const slow = await runTool("sh", ["-c", script], { environment, patience: 2_000 });
  expect(slow.trouble).toBe("timeout");
  const pid = slow.stdout.trim();
  expect(pid).toMatch(/^\d+$/);
  await until(() => !existsSync(`/proc/${pid}`));
});

test("a program that says too much is ended", async () => {
  const endless = await runTool("yes", [], { environment, patience: 60_000 });
  expect(troubleOf("it", endless)).toBe("it failed (more than 16 MiB of output)");
});

test("a file that is no program for this machine is a failure like others", async () => {
  const file = fileURLToPath(import.meta.url);
  expect((await runTool(file, [], { environment, patience: 20_000 })).trouble).toBe("EACCES");
  const within = await runTool(`${file}/etcd`, [], { environment, patience: 20_000 });
  expect(within.trouble).toBe("ENOTDIR");
});

test("warnings are not taken for the reason of a failure", async () => {
  const result = await runTool("sh", ["-c", "echo 'E: broken' >&2; echo 'W: unsandboxed' >&2; exit 100"], {
    environment,
    patience: 20_000,
  });
  expect(troubleOf("apt-get", result)).toBe("apt-get failed (exit 100): E: broken");
});
