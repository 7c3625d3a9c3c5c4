import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestOf, parseChecksums, requireDigest } from "../../src/release/digest.js";
import { failure } from "./support/failure.js";
import { freshFolder } from "./support/folders.js";

const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

test('the digest of a file is SHA-256 (the value for "abc" is the one of FIPS 180-2)', async () => {
  const file = join(await freshFolder(), "abc");
  await writeFile(file, "abc");
  expect(await digestOf(file)).toEqual({ sha256: abc, size: 3 });
});

test("SHA256SUMS is read as shasum writes it, in text and binary mode", () => {
  const sums = parseChecksums(
    `${abc}  etcd-v3.5.30-linux-amd64.tar.gz\n${abc.toUpperCase()} *b.zip\r\n# remark\nshort  c\n`,
  );
  expect([...sums]).toEqual([
    ["etcd-v3.5.30-linux-amd64.tar.gz", abc],
    ["b.zip", abc],
  ]);
});

test("a mismatch names the file, both digests and who says so", async () => {
  const error = await failure(() => requireDigest("a.deb", "1".repeat(64), { sha256: abc, by: "quorate's catalogue" }));
  expect(error.code).toBe("E_RELEASE_DIGEST");
  expect(error.details).toEqual({
    where: "a.deb",
    expected: `SHA-256 ${abc} (quorate's catalogue)`,
    found: `SHA-256 ${"1".repeat(64)}`,
  });
});
