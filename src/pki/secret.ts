import { inspect } from "node:util";

const redacted = "[redacted]";

/** A value that must not be seen: printing, logging or serialising it gives `[redacted]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}

/** Asks for the CA key's passphrase: to protect a key about to be made, or to unlock one. undefined: there is none. */
export type AskPassphrase = (purpose: "protect" | "unlock") => Promise<Secret | string | undefined>;

/** The plain text of an answer, or undefined for none or an empty one. */
export function revealed(answer: Secret | string | undefined): string | undefined {
  const text = answer instanceof Secret ? answer.reveal() : answer;
  return text === "" ? undefined : text;
}
