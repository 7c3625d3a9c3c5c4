import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";

/** The status of a GET without any redirect; 0 when there is no answer within two seconds. */
export function httpStatus(url: string, tls?: { ca: string; cert: string; key: string }): Promise<number> {
  return new Promise((resolve) => {
    const answered = (response: { statusCode?: number; resume(): unknown }): void => {
      response.resume();
      resolve(response.statusCode ?? 0);
    };
    const options = { agent: false as const, timeout: 2000 };
    const request = url.startsWith("https:")
      ? // Some Node 22 find no IPv6 address in any certificate; names are verified elsewhere.
        httpsGet(url, { ...options, ...tls, checkServerIdentity: () => undefined }, answered)
      : httpGet(url, options, answered);
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(0));
  });
}
