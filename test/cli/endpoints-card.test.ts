import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCard, writeCard } from "../../src/cli/endpoints-card.js";
import { sampleSpec } from "../../src/testing/sample-spec.js";

describe("the card that `health` reads", () => {
  let folder = "";
  let file = "";
  const identity = { ca: "/pki/ca.pem", cert: "/pki/root.pem", key: "/pki/root-key.pem" };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "quorate-card-"));
    file = join(folder, "cluster.yaml");
    writeFileSync(file, "name: tutorial\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("says where the members answer, and with what to ask them", () => {
    writeCard(file, sampleSpec(), identity);
    const card = readCard(file);
    expect(card?.members.map(({ name, client }) => `${name} ${client.url}`)).toEqual([
      "a https://10.64.3.7:2379",
      "b https://10.64.3.8:2379",
      "c https://10.64.3.9:2379",
    ]);
    expect(card?.identity).toEqual(identity);
  });

  it("is worth nothing once the cluster file says something else", () => {
    writeCard(file, sampleSpec(), identity);
    appendFileSync(file, "# changed\n");
    expect(readCard(file)).toBeUndefined();
  });

  it("is not made for a file that depends on the environment", () => {
    writeFileSync(file, "name: ${NAME}\n");
    writeCard(file, sampleSpec(), identity);
    expect(readCard(file)).toBeUndefined();
  });

  it("is worth nothing when it is damaged", () => {
    writeCard(file, sampleSpec(), identity);
    writeFileSync(join(folder, ".quorate", "cluster.yaml.endpoints.json"), "{");
    expect(readCard(file)).toBeUndefined();
  });

  it("of a cluster without TLS names no certificate", () => {
    writeCard(file, sampleSpec({ tls: false }), undefined);
    expect(readCard(file)?.cluster).toBe("tutorial");
    expect(readCard(file)?.identity).toBeUndefined();
  });
});
