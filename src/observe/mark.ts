/** The note on a host that its member has had data, and how it was adopted. */
import type { ServiceFact } from "../host/host.js";
import type { Adopted } from "./facts.js";

export interface Mark {
  readonly member: string;
  readonly clusterId: string;
  readonly adopted?: AdoptedMark | undefined;
}

/** What was accepted when somebody else's member was taken over. */
export interface AdoptedMark extends Adopted {
  /** Fingerprint of the process, as its host tells it. */
  readonly process: string;
}

export const markText = (mark: Mark): string => `${JSON.stringify(mark)}\n`;

/** @returns undefined for a torn mark, which says nothing; the write-ahead log is the stronger witness */
export function readMark(text: string | undefined): Omit<Mark, "member"> | undefined {
  if (text === undefined) return undefined;
  try {
    const mark: unknown = JSON.parse(text);
    if (!isMapping(mark) || typeof mark["clusterId"] !== "string") return undefined;
    const { clusterId, adopted } = mark;
    return { clusterId, adopted: isAdopted(adopted) ? adopted : undefined };
  } catch {
    return undefined;
  }
}

/**
 * An adopted process counts as started with what the file asked for when it was adopted, until it is another process.
 * @param up whether a process runs
 */
export function acceptedIn(
  mark: Omit<Mark, "member"> | undefined,
  { config, fingerprint }: ServiceFact,
  up: boolean,
): { readonly config: string; readonly adopted?: Adopted } {
  const accepted = config === undefined ? mark?.adopted : undefined;
  if (accepted === undefined) return { config: up ? (config ?? "") : "" };
  const adopted = { unit: accepted.unit, config: accepted.config };
  return { config: up && fingerprint === accepted.process ? accepted.config : "", adopted };
}

const isMapping = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const isAdopted = (value: unknown): value is AdoptedMark =>
  isMapping(value) && ["process", "unit", "config"].every((key) => typeof value[key] === "string");
