/** The part of the contract of a Host about its service, its lock and its round trips. */
import { expect, it } from "vitest";
import type { HostAction } from "../../src/host/host.js";
import { holder, toolsFor, type Trial } from "./trial.js";

export function workContract(current: () => Trial): void {
  const { at, put, folder, look, failure } = toolsFor(current);

  it("starts, shows and stops the service", async () => {
    const { unit, unitPath } = current().service;
    const unitFile: HostAction = {
      ...(put("unused", current().unitText, current().unitMode) as Extract<HostAction, { do: "put-file" }>),
      path: unitPath,
    };
    expect((await look()).service).toMatchObject({ installed: false, state: "stopped", pid: undefined });
    await current().host.act([folder("state"), unitFile, { do: "reload-units" }, { do: "enable", unit }]);
    expect((await look()).service).toMatchObject({
      installed: true,
      enabled: true,
      needsReload: false,
      state: "stopped",
    });
    await current().host.act([{ do: "start", unit }]);
    await current().host.act([{ do: "start", unit }]);
    await expect.poll(async () => (await look()).service.config, { timeout: 10_000 }).toBe("c0ffee");
    const running = (await look()).service;
    expect(running).toMatchObject({ state: "running", restarts: 0 });
    expect(running.pid).toBeGreaterThan(1);
    await current().host.act([{ do: "stop", unit, graceSeconds: 10 }]);
    await current().host.act([{ do: "stop", unit, graceSeconds: 10 }]);
    expect((await look()).service).toMatchObject({ state: "stopped", pid: undefined });
    await current().host.act([
      { do: "disable", unit },
      { do: "disable", unit },
      { do: "remove", path: unitPath },
      { do: "reload-units" },
    ]);
    expect((await look()).service.installed).toBe(false);
  });

  it("gives the lock to one at a time and says who has it", async () => {
    expect(await current().host.lock(holder("ann"))).toBeUndefined();
    expect(await current().rival.lock(holder("bob"))).toEqual(holder("ann"));
    expect((await look()).lock).toEqual(holder("ann"));
    await current().host.unlock();
    expect((await look()).lock).toBeUndefined();
    expect(await current().rival.lock(holder("bob"))).toBeUndefined();
    expect(await current().host.lock(holder("ann"))).toEqual(holder("bob"));
  });

  it("gives the lock to exactly one of two who want it at the same instant", async () => {
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all([current().host.lock(holder("ann")), current().rival.lock(holder("bob"))]);
      expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
      await Promise.all([current().host.unlock(), current().rival.unlock()]);
    }
  });

  it("frees the lock when its holder's connection ends", async () => {
    expect(await current().rival.lock(holder("bob"))).toBeUndefined();
    await current().rival.close();
    await expect.poll(() => current().host.lock(holder("ann")), { timeout: 10_000 }).toBeUndefined();
  });

  it("steals the lock from a holder, who can then change nothing", async () => {
    expect(await current().rival.lock(holder("bob"))).toBeUndefined();
    expect(await current().host.lock(holder("ann"), true)).toBeUndefined();
    const error = await failure(
      current()
        .rival.act([put("late", "1")])
        .then(() => current().rival.act([put("late", "1")])),
    );
    expect(["E_HOST_LOST", "E_LOCK_LOST"]).toContain(error.code);
    expect((await failure(current().rival.act([put("late", "1")]))).code).toBe("E_LOCK_LOST");
    expect((await look({ texts: [at("late")] })).texts).toEqual({});
  });

  it("counts what is waited for together as one round trip", async () => {
    await look();
    const before = current().host.roundTrips;
    await Promise.all([current().host.act([put("a", "1"), put("b", "2")]), look({ texts: [at("b")] })]);
    expect(current().host.roundTrips - before).toBe(1);
  });

  it("sees what it was told to do just before, without waiting in between", async () => {
    const [, seen] = await Promise.all([current().host.act([put("a", "1")]), look({ texts: [at("a")] })]);
    expect(seen.texts[at("a")]).toBe("1");
  });
}
