/** Processor architectures by the names that Go, Debian, Node and the ELF header give them. */
import { QuorateError } from "../errors.js";

export interface Architecture {
  /** GOARCH, the name used everywhere in quorate. */
  readonly name: string;
  readonly debian: string;
  /** process.arch */
  readonly node: string;
  /** e_machine of the ELF header. */
  readonly machine: number;
  readonly bigEndian: boolean;
  /** The first line with an official archive; undefined: there is none. */
  readonly officialSince: string | undefined;
}

export const architectures: readonly Architecture[] = [
  { name: "amd64", debian: "amd64", node: "x64", machine: 62, bigEndian: false, officialSince: "3.4.0" },
  { name: "arm64", debian: "arm64", node: "arm64", machine: 183, bigEndian: false, officialSince: "3.4.0" },
  { name: "ppc64le", debian: "ppc64el", node: "ppc64", machine: 21, bigEndian: false, officialSince: "3.4.0" },
  { name: "s390x", debian: "s390x", node: "s390x", machine: 22, bigEndian: true, officialSince: "3.5.0" },
  { name: "riscv64", debian: "riscv64", node: "riscv64", machine: 243, bigEndian: false, officialSince: undefined },
];

/** @throws QuorateError E_RELEASE_ARCH when quorate has no name for it. */
export function architecture(name: string): Architecture {
  const known = architectures.find((candidate) => candidate.name === name);
  if (known !== undefined) return known;
  throw new QuorateError("E_RELEASE_ARCH", `no etcd is known for the architecture ${JSON.stringify(name)}`, {
    expected: architectures.map((candidate) => candidate.name).join(", "),
    found: name,
  });
}

/** GOARCH of the machine that quorate runs on, or what Node calls it. */
export function thisArch(): string {
  return architectures.find((candidate) => candidate.node === process.arch)?.name ?? process.arch;
}

/**
 * The architecture that an executable was built for, from its ELF header.
 * @param header at least the first 20 bytes of the file.
 * @returns GOARCH, or words for what it is instead.
 */
export function archOfExecutable(header: Uint8Array): { arch: string } | { instead: string } {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.byteLength < 20 || view.getUint32(0) !== 0x7f454c46) return { instead: "not a Linux executable" };
  const bigEndian = view.getUint8(5) === 2;
  const machine = view.getUint16(18, !bigEndian);
  const known = architectures.find((candidate) => candidate.machine === machine && candidate.bigEndian === bigEndian);
  return known === undefined ? { instead: `an executable for ELF machine ${machine}` } : { arch: known.name };
}
