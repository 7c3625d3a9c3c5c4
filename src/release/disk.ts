/** Trouble of the disk that the cache lies on, told apart from trouble with what was fetched. */
import { QuorateError } from "../errors.js";

const words: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EIO: "the disk reports an error",
  ENOTDIR: "a file stands where a folder should",
};

/** Whether an error comes from reading or writing files here. */
export function isDiskTrouble(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code !== undefined && code in words && syscall !== "connect" && !(syscall ?? "").startsWith("spawn");
}

/** The cache cannot be used: E_RELEASE_CACHE with the folder and the reason. */
export function unusableCache(path: string, why: unknown): QuorateError {
  const code = why instanceof Error ? (why as NodeJS.ErrnoException).code : undefined;
  const text =
    { ...words, ENOENT: "the folder cannot be created" }[code ?? ""] ??
    (why instanceof Error ? why.message : String(why));
  return new QuorateError("E_RELEASE_CACHE", `the cache ${path} cannot be used: ${text}`, { where: path, found: text });
}
