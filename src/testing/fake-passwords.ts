import type { Hidden, Passwords } from "../world.js";

/** The operator's passwords and records of them, in memory. They outlive every run. */
export class FakePasswords implements Passwords {
  /** What the source of each user says. */
  readonly sources = new Map<string, string>();
  readonly #applied = new Map<string, string | undefined>();

  async of(user: string): Promise<Hidden | undefined> {
    const text = this.sources.get(user);
    return text === undefined ? undefined : { reveal: () => text };
  }

  async isCurrent(user: string): Promise<boolean> {
    return this.#applied.get(user) === this.sources.get(user);
  }

  async problem(): Promise<undefined> {
    return undefined;
  }

  async kindApplied(user: string): Promise<"password" | "none" | "unknown"> {
    if (!this.#applied.has(user)) return "unknown";
    return this.#applied.get(user) === undefined ? "none" : "password";
  }

  async record(user: string, password: Hidden | undefined): Promise<void> {
    this.#applied.set(user, password?.reveal());
  }

  async forget(user: string): Promise<void> {
    this.#applied.delete(user);
  }
}
