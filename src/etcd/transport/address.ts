/** Where one endpoint is, from its URL. */
export interface Address {
  /** As given, for messages. */
  readonly url: string;
  /** scheme://host:port, the :authority's source. */
  readonly origin: string;
  readonly secure: boolean;
  /** IP address without brackets, or host name. */
  readonly host: string;
  readonly port: number;
}

/** @throws TypeError when the text is not an http or https URL. */
export function parseAddress(url: string): Address {
  const parsed = new URL(url);
  const secure = parsed.protocol === "https:";
  if (!secure && parsed.protocol !== "http:") throw new TypeError(`not an http or https URL: ${url}`);
  const port = parsed.port === "" ? (secure ? 443 : 80) : Number(parsed.port);
  return { url, origin: parsed.origin, secure, host: withoutBrackets(parsed.hostname), port };
}

const withoutBrackets = (host: string): string => (host.startsWith("[") ? host.slice(1, -1) : host);
