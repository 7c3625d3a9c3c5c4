/** A release site on loopback, laid out like the official one, with the faults that real sites have. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Site {
  readonly base: string;
  /** Files by path below the base, without a leading slash. */
  readonly files: Map<string, Buffer>;
  /** Every request: method, path and Range header. */
  readonly requests: string[];
  /** Answers before the files are looked at; true: it has answered. */
  fault: ((request: IncomingMessage, response: ServerResponse, body: Buffer | undefined) => boolean) | undefined;
  /** Puts an archive and its line in SHA256SUMS. */
  publish(version: string, name: string, archive: Buffer, sum?: string): void;
  close(): Promise<void>;
}

export async function openSite(): Promise<Site> {
  const files = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").replace(/^\/releases\//, "");
    requests.push([request.method, path, request.headers.range].filter((part) => part !== undefined).join(" "));
    const body = files.get(path);
    if (site.fault?.(request, response, body) === true) return;
    serve(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const site: Site = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/releases`,
    files,
    requests,
    fault: undefined,
    publish(version, name, archive, sum = createHash("sha256").update(archive).digest("hex")) {
      files.set(`v${version}/${name}`, archive);
      const sums = files.get(`v${version}/SHA256SUMS`)?.toString() ?? "";
      files.set(`v${version}/SHA256SUMS`, Buffer.from(`${sums}${sum}  ${name}\n`));
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return site;
}

/** Serves a file, from the byte that a Range header names. */
export function serve(request: IncomingMessage, response: ServerResponse, body: Buffer | undefined): void {
  if (body === undefined) {
    response.writeHead(404).end("not here");
    return;
  }
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? -1);
  if (from >= body.length) {
    response.writeHead(416, { "content-range": `bytes */${body.length}` }).end();
  } else if (from >= 0) {
    const range = `bytes ${from}-${body.length - 1}/${body.length}`;
    response.writeHead(206, { "content-length": body.length - from, "content-range": range }).end(body.subarray(from));
  } else response.writeHead(200, { "content-length": body.length }).end(body);
}
