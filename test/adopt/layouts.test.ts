/** Each well-known way of building a cluster, read from its own files, and the cluster file that comes of it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adoptionLines } from "../../src/render/adoption-text.js";
import { plain } from "../../src/render/style.js";
import { desk, type Desk, type How } from "./adopting.js";
import { debian, etcdadm, kubeadmPod, kubeadmUnit, kubespray, tutorial } from "./layouts.js";

let on: Desk;
beforeAll(() => {
  on = desk();
});
afterAll(() => on.remove());

const caKey: How = { trust: { cert: undefined, key: undefined, caKey: "ca-key.pem" } };
const cases: readonly [string, typeof tutorial, How][] = [
  ["tutorial", tutorial, {}],
  ["kubespray", kubespray, caKey],
  ["kubeadm-pod", kubeadmPod, caKey],
  ["kubeadm-unit", kubeadmUnit, caKey],
  ["debian", debian, { trust: "none", scheme: "http" }],
  ["etcdadm", etcdadm, caKey],
];

describe("a cluster as it is built with", () => {
  test.each(cases)("%s", async (name, make, how) => {
    const adoption = await on.adopt(make(on.certificates), how);
    const problems = adoption.problems.map(
      ({ code, member, severity, message }) => `${severity} ${code} ${member ?? "-"}: ${message}`,
    );
    const page = [...adoptionLines(adoption, { style: plain, width: 100 }), ...problems, "", adoption.text];
    await expect(page.join("\n")).toMatchFileSnapshot(`__golden__/${name}.txt`);
  });

  test.each(cases)("%s, without a look at any key", async (_, make, how) => {
    const adoption = await on.adopt(make(on.certificates), how);
    expect([...adoption.asked].filter((path) => /key|\.pem$|\.crt$/.test(path))).toEqual([]);
    const read = adoption.members.map(({ certificates, flags, process, sources }) => ({
      certificates,
      flags,
      process,
      sources,
    }));
    expect(JSON.stringify(read)).not.toContain("PRIVATE KEY");
  });
});
