import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { downloadTo, fetchText } from "../../src/release/download.js";
import { reach } from "../../src/release/reach.js";
import { failure } from "./support/failure.js";
import { freshFolder } from "./support/folders.js";
import { openSite, serve, type Site } from "./support/site.js";

const body = randomBytes(300_000);
const limits = { bytes: 1 << 20, stall: 10_000, attempts: 4 };
const silent = (): void => undefined;

async function site(): Promise<Site> {
  const opened = await openSite();
  opened.files.set("file", body);
  onTestFinished(() => opened.close());
  return opened;
}

describe("a download", () => {
  test("brings the file and tells how far it is", async () => {
    const { base, requests } = await site();
    const file = join(await freshFolder(), "parts", "file");
    const seen: [number, number | undefined][] = [];
    expect(await downloadTo(file, `${base}/file`, fetch, (...now) => seen.push(now), limits)).toEqual({
      resumed: false,
    });
    expect((await readFile(file)).equals(body)).toBe(true);
    expect(seen.at(-1)).toEqual([body.length, body.length]);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((a, b) => a - b));
    expect(requests).toEqual(["GET file"]);
  });

  test("goes on where an earlier run was cut off", async () => {
    const { base, requests } = await site();
    const file = join(await freshFolder(), "file");
    await writeFile(file, body.subarray(0, 100_000));
    expect(await downloadTo(file, `${base}/file`, fetch, silent, limits)).toEqual({ resumed: true });
    expect((await readFile(file)).equals(body)).toBe(true);
    expect(requests).toEqual(["GET file bytes=100000-"]);
  });

  test("goes on when the connection breaks in the middle", async () => {
    const opened = await site();
    let breaks = 2;
    opened.fault = (request, response) => {
      if (breaks === 0) return false;
      breaks -= 1;
      const from = Number(/=(\d+)/.exec(request.headers.range ?? "")?.[1] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, {
        "content-length": body.length - from,
        ...(from > 0 ? { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
      });
      response.write(body.subarray(from, from + 50_000), () => setTimeout(() => response.destroy(), 30));
      return true;
    };
    const file = join(await freshFolder(), "file");
    await downloadTo(file, `${opened.base}/file`, fetch, silent, limits);
    expect((await readFile(file)).equals(body)).toBe(true);
    expect(opened.requests).toHaveLength(3);
    expect(opened.requests[2]).toMatch(/^GET file bytes=\d+-$/);
  });

  test("starts anew where the site cannot go on", async () => {
    const opened = await site();
    opened.fault = (request, response, found) => {
      delete request.headers.range;
      serve(request, response, found);
      return true;
    };
    const file = join(await freshFolder(), "file");
    await writeFile(file, "something else");
    await downloadTo(file, `${opened.base}/file`, fetch, silent, limits);
    expect((await readFile(file)).equals(body)).toBe(true);
  });

  test("that is there already in full is left as it is", async () => {
    const { base } = await site();
    const file = join(await freshFolder(), "file");
    await writeFile(file, body);
    expect(await downloadTo(file, `${base}/file`, fetch, silent, limits)).toEqual({ resumed: true });
    expect((await readFile(file)).equals(body)).toBe(true);
  });

  test("throws away an earlier part that is longer than the file", async () => {
    const { base } = await site();
    const file = join(await freshFolder(), "file");
    await writeFile(file, Buffer.concat([body, body]));
    await downloadTo(file, `${base}/file`, fetch, silent, limits);
    expect((await readFile(file)).equals(body)).toBe(true);
  });

  test("follows redirects", async () => {
    const opened = await site();
    opened.fault = (request, response) => {
      if (request.url !== "/releases/old") return false;
      response.writeHead(302, { location: `${opened.base}/file` }).end();
      return true;
    };
    const file = join(await freshFolder(), "file");
    await downloadTo(file, `${opened.base}/old`, fetch, silent, limits);
    expect((await readFile(file)).equals(body)).toBe(true);
  });

  test("that only trickles arrives all the same", async () => {
    const opened = await site();
    opened.fault = (_request, response) => {
      response.writeHead(200, { "content-length": 5 });
      const letters = [..."slowl"];
      const timer = setInterval(() => {
        const letter = letters.shift();
        if (letter === undefined) clearInterval(timer);
        else response.write(letter);
      }, 20);
      return true;
    };
    const file = join(await freshFolder(), "file");
    await downloadTo(file, `${opened.base}/file`, fetch, silent, limits);
    expect(await readFile(file, "utf8")).toBe("slowl");
  });

  test.each<[string, number, string]>([
    ["that is not there", 404, "there is no such file"],
    ["that may not be had", 403, "it answered 403"],
    ["from a site in trouble", 503, "it answered 503"],
  ])("%s fails with the address and the reason", async (_what, status, words) => {
    const opened = await site();
    opened.fault = (_request, response) => response.writeHead(status).end("no") !== undefined;
    const error = await failure(async () =>
      downloadTo(join(await freshFolder(), "file"), `${opened.base}/file`, fetch, silent, limits),
    );
    expect(error.code).toBe("E_RELEASE_UNREACHABLE");
    expect(error.message).toContain(words);
    expect(error.details.where).toBe(`${opened.base}/file`);
    expect(opened.requests).toHaveLength(1);
  });

  test("of more bytes than allowed is stopped, whether the site says so before or not", async () => {
    const opened = await site();
    const small = { ...limits, bytes: 1000 };
    const fetchIt = async (): Promise<unknown> =>
      downloadTo(join(await freshFolder(), "file"), `${opened.base}/file`, fetch, silent, small);
    expect((await failure(fetchIt)).message).toContain("larger than 1000 bytes");
    opened.fault = (_request, response) => response.writeHead(200).end(body) !== undefined;
    expect((await failure(fetchIt)).message).toContain("larger than 1000 bytes");
  });

  test("from a site that falls silent is given up", async () => {
    const opened = await site();
    opened.fault = (_request, response) => response.writeHead(200, { "content-length": 10 }).write("half") || true;
    const hurried = { ...limits, stall: 100, attempts: 2 };
    const error = await failure(async () =>
      downloadTo(join(await freshFolder(), "file"), `${opened.base}/file`, fetch, silent, hurried),
    );
    expect(error.message).toContain("nothing came for 0.1 s");
    expect(opened.requests).toHaveLength(2);
  });
});

describe("a small text", () => {
  test("is had, or undefined when there is none", async () => {
    const opened = await site();
    opened.files.set("SHA256SUMS", Buffer.from("sums\n"));
    expect(await fetchText(`${opened.base}/SHA256SUMS`, fetch, limits)).toBe("sums\n");
    expect(await fetchText(`${opened.base}/nothing`, fetch, limits)).toBeUndefined();
  });

  test("from a site in trouble is an error", async () => {
    const opened = await site();
    opened.fault = (_request, response) => response.writeHead(500).end() !== undefined;
    expect((await failure(() => fetchText(`${opened.base}/x`, fetch, limits))).message).toContain("it answered 500");
    await opened.close();
    expect((await failure(() => fetchText(`${opened.base}/x`, fetch, limits))).message).toContain("ECONNREFUSED");
  });
});

describe("whether a site answers", () => {
  test("is known at once when it does", async () => {
    const { base } = await site();
    await expect(reach(base)).resolves.toBeUndefined();
  });

  test("is known when nobody listens, when the name is unknown, and when nothing comes back", async () => {
    const { base, close } = await openSite();
    await close();
    expect((await failure(() => reach(base))).message).toContain("ECONNREFUSED");
    expect((await failure(() => reach("https://releases.invalid/x"))).code).toBe("E_RELEASE_UNREACHABLE");
    expect((await failure(() => reach("https://192.0.2.1/x", 200))).code).toBe("E_RELEASE_UNREACHABLE");
  });
});
