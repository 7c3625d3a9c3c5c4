import { describe, expect, it } from "vitest";
import { certsTable, type CertificateRow } from "../../src/render/certs-table.js";
import { plain } from "../../src/render/style.js";

const page = { style: plain, width: 100 };

const server: CertificateRow = {
  ...{
    use: "etcd1 server",
    subject: "C=JP, O=k8s, CN=etcd1",
    issuer: "CN=tutorial etcd CA",
    serial: "01",
    key: "ECDSA P-256",
    fingerprint: "AA",
  },
  ...{ sans: ["10.64.3.7", "127.0.0.1", "localhost"], usages: ["serverAuth", "clientAuth"], isCA: false },
  ...{ notBefore: "2026-11-22T00:00:00.000Z", notAfter: "2027-11-22T00:00:00.000Z", daysLeft: 365 },
  ...{ chain: ["etcd1", "tutorial etcd CA"], places: ["this machine", "on etcd1", "https://10.64.3.7:2379"] },
};

const ca: CertificateRow = {
  ...server,
  ...{
    use: "ca",
    subject: "CN=tutorial etcd CA",
    sans: [],
    usages: [],
    isCA: true,
    daysLeft: 3_650,
    notAfter: "2036-11-19T00:00:00.000Z",
  },
  ...{ chain: ["tutorial etcd CA"], places: ["this machine"] },
};

describe("the table of certificates", () => {
  it("has one line for each", async () => {
    await expect(`${certsTable({ rows: [ca, server], remarks: [] }, page).join("\n")}\n`).toMatchFileSnapshot(
      "__golden__/certs.txt",
    );
  });

  it("tells what has expired", () => {
    expect(certsTable({ rows: [{ ...server, daysLeft: -3 }], remarks: [] }, page)[1]).toContain("expired 3 days ago");
  });

  it("tells what does not lead to the cluster's CA", () => {
    expect(certsTable({ rows: [{ ...server, chain: undefined }], remarks: [] }, page)[1]).toContain("not of this CA");
  });

  it("ends with what is odd", () => {
    expect(certsTable({ rows: [ca], remarks: ["etcd2: no answer"] }, page).at(-1)).toBe("etcd2: no answer");
  });

  it("says that there is none", () => {
    expect(certsTable({ rows: [], remarks: [] }, page)).toEqual(["There are no certificates yet."]);
  });
});
