import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { said } from "../cli/quorate.js";
import { SecuredCluster } from "./secured-cluster.js";

const auth = `auth:
  exclusive: true
  roles:
    app: [readwrite /app/*]
  users:
    app: { roles: [app], password: { env: APP_PASSWORD } }
`;
const nothing = "auth: { enabled: false, exclusive: true }\n";

/** One step each for the role, the user and the switch; a boundary before and after each. */
const boundaries = 6;

describe.each(["3.5.30", "3.4.23"])("killed while users are set up on etcd %s", (version) => {
  const cluster = new SecuredCluster();
  beforeAll(async () => {
    await cluster.begin(version);
    Object.assign(cluster.env, { APP_PASSWORD: "a password" });
    cluster.says(nothing);
    await cluster.well("up", "--yes");
  });
  afterAll(() => cluster.leave());

  test("at every boundary, the next run ends where an undisturbed one does", { timeout: 600_000 }, async () => {
    for (let boundary = 1; boundary <= boundaries; boundary += 1) {
      cluster.says(nothing);
      await cluster.well("up", "--yes");
      cluster.says(auth);
      Object.assign(cluster.env, { QUORATE_CRASH_AT: String(boundary) });
      const killed = await cluster.quorate("up", "--yes");
      expect(killed.code, said(killed)).toBe(255);
      delete (cluster.env as Record<string, string | undefined>)["QUORATE_CRASH_AT"];
      await cluster.well("up", "--yes");
      expect(await cluster.well("plan"), `boundary ${boundary}`).toContain("Nothing to do");
      expect((await cluster.etcdctl({ user: "app", password: "a password" }, "put", "/app/x", "1")).stdout).toBe(
        "OK\n",
      );
      expect((await cluster.etcdctl({ user: "app", password: "a password" }, "put", "/x", "1")).code).not.toBe(0);
    }
  });
});
