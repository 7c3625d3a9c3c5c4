/** Downloads over HTTP: small texts, and large files that go on where an earlier attempt was cut off. */
import { createWriteStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { QuorateError } from "../errors.js";

export type Fetch = typeof fetch;

export interface DownloadLimits {
  /** Bytes of a file at most. */
  readonly bytes: number;
  /** Milliseconds without any byte before the connection counts as dead. */
  readonly stall: number;
  /** Attempts in all, each going on where the last was cut off. */
  readonly attempts: number;
}

const usual: DownloadLimits = { bytes: 1 << 29, stall: 30_000, attempts: 4 };

/** A text of at most 1 MiB; undefined when there is no such file (404). @throws QuorateError E_RELEASE_UNREACHABLE */
export async function fetchText(url: string, get: Fetch, limits: DownloadLimits = usual): Promise<string | undefined> {
  const response = await ask(url, get, {}, AbortSignal.timeout(limits.stall)).catch((error: unknown) => {
    throw unreachable(url, wordsOf(error));
  });
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok) throw unreachable(url, `it answered ${response.status} ${response.statusText}`.trim());
  const text = await response.text().catch((error: unknown) => Promise.reject(unreachable(url, wordsOf(error))));
  if (text.length > 1 << 20) throw unreachable(url, "its answer is larger than 1 MiB");
  return text;
}

/**
 * Downloads to a file, which grows across attempts and runs; what is in it must be checked by digest afterwards.
 * @param progress bytes there and in all (undefined when the server does not say).
 * @returns whether the file goes back to an earlier attempt.
 * @throws QuorateError E_RELEASE_UNREACHABLE
 */
export async function downloadTo(
  file: string,
  url: string,
  get: Fetch,
  progress: (done: number, total: number | undefined) => void,
  limits: DownloadLimits = usual,
): Promise<{ resumed: boolean }> {
  await mkdir(dirname(file), { recursive: true });
  const resumed = (await sizeOf(file)) > 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await append(file, url, get, progress, limits);
      return { resumed };
    } catch (error) {
      const final = error instanceof QuorateError;
      if (final || attempt >= limits.attempts) throw final ? error : unreachable(url, wordsOf(error));
    }
  }
}

async function append(
  file: string,
  url: string,
  get: Fetch,
  progress: (done: number, total: number | undefined) => void,
  limits: DownloadLimits,
): Promise<void> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new Error(`nothing came for ${limits.stall / 1000} s`)), limits.stall);
  try {
    const have = await sizeOf(file);
    const response = await ask(url, get, have > 0 ? { range: `bytes=${have}-` } : {}, stalled.signal);
    if (response.status === 416) {
      await response.body?.cancel();
      if (Number(/\*\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1]) === have) return;
      await rm(file, { force: true });
      throw new Error("the earlier part does not fit the file that is there now");
    }
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw unreachable(url, response.status === 404 ? "there is no such file" : `it answered ${response.status}`);
    }
    const continues =
      response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${have}-`) === true;
    const length = response.headers.get("content-length");
    let done = continues ? have : 0;
    const total = length === null ? undefined : done + Number(length);
    if ((total ?? 0) > limits.bytes) throw unreachable(url, `the file is larger than ${limits.bytes} bytes`);
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        timer.refresh();
        done += chunk.length;
        progress(done, total);
        next(done > limits.bytes ? unreachable(url, `the file is larger than ${limits.bytes} bytes`) : null, chunk);
      },
    });
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(body, counted, createWriteStream(file, { flags: continues ? "a" : "w" }), {
      signal: stalled.signal,
    });
    if (total !== undefined && done < total) throw new Error("the connection ended early");
  } catch (error) {
    throw stalled.signal.aborted && !(error instanceof QuorateError) ? stalled.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

async function ask(url: string, get: Fetch, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  return get(url, { headers: { ...headers, "accept-encoding": "identity" }, redirect: "follow", signal });
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

function wordsOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}

function unreachable(url: string, why: string): QuorateError {
  return new QuorateError("E_RELEASE_UNREACHABLE", `${url} cannot be fetched: ${why}`, { where: url, found: why });
}
