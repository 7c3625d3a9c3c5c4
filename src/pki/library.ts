/**
 * The X.509 library, loaded only when a certificate or a request is really made: importing it costs more than
 * everything else in this room together.
 */
export type X509Library = typeof import("@peculiar/x509");

let loading: Promise<X509Library> | undefined;

/** The library, imported once. */
export function x509(): Promise<X509Library> {
  loading ??= load();
  return loading;
}

/** Start the import early, while other work waits. Call it when certificates will have to be made. */
export async function warm(): Promise<void> {
  await x509();
}

async function load(): Promise<X509Library> {
  await new Promise(setImmediate); // let what the caller has just begun get under way: the next lines block
  return import("./x509-library.js");
}
