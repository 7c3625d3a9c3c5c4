import type { Method } from "../../../src/etcd/transport/method.js";

const text = {
  encode: (message: string) => ({ finish: () => Buffer.from(message) }),
  decode: (bytes: Uint8Array) => {
    if (Buffer.from(bytes).toString() === "broken") throw new Error("this codec cannot read that");
    return Buffer.from(bytes).toString();
  },
};

/** A method whose messages are plain text. */
export const textMethod: Method<string, string> = { path: "/test.Text/Say", request: text, response: text };
