import { expect, it } from "vitest";
import { parseAddress } from "../../../src/etcd/transport/address.js";

it.each([
  ["https://10.64.3.7:2379", { secure: true, host: "10.64.3.7", port: 2379 }],
  ["https://[fd00::7]:2379", { secure: true, host: "fd00::7", port: 2379 }],
  ["http://node-1.example.org:2379/", { secure: false, host: "node-1.example.org", port: 2379 }],
  ["https://node", { secure: true, host: "node", port: 443 }],
  ["http://node", { secure: false, host: "node", port: 80 }],
])("%s", (url, expected) => {
  expect(parseAddress(url)).toMatchObject(expected);
});

it.each(["ftp://node:21", "node:2379", "", "unix://socket"])("%j is refused", (url) => {
  expect(() => parseAddress(url)).toThrow(TypeError);
});
