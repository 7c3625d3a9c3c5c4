import { describe, expect, test } from "vitest";
import { QuorateError } from "../../src/errors.js";
import { targetOf, targetsOf } from "../../src/adopt/target.js";

describe("a host on the command line", () => {
  test.each([
    ["10.64.3.7", { host: "10.64.3.7", user: undefined, port: undefined }],
    ["root@10.64.3.7", { host: "10.64.3.7", user: "root", port: undefined }],
    ["ops@etcd-host0:2222", { host: "etcd-host0", user: "ops", port: 2222 }],
    ["fd00::7", { host: "fd00::7", user: undefined, port: undefined }],
    ["root@[fd00::7]:22", { host: "fd00::7", user: "root", port: 22 }],
    ["[fd00::7]", { host: "fd00::7", user: undefined, port: undefined }],
  ])("%s", (text, target) => {
    expect(targetOf(text)).toEqual(target);
  });

  test.each(["", "-oProxyCommand=x", "a b", "root@", "a:0", "a:70000", "$(x)", "a;b", "@a", "-x@a"])(
    "refuses %j",
    (text) => {
      expect(() => targetOf(text)).toThrow(QuorateError);
    },
  );

  test("is named once", () => {
    expect(() => targetsOf(["a", "b", "root@a"])).toThrow(/named twice/);
    expect(targetsOf(["a:22", "a:23"])).toHaveLength(2);
  });
});
