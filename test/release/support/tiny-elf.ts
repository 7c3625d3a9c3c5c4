/**
 * The smallest real programs that stand for etcd in tests: a Linux executable of about 200 bytes that prints a text
 * and ends. It has a true ELF header, so architecture checks see what they would see, and it runs where the
 * architecture fits.
 */
import { architecture } from "../../../src/release/arch.js";

const loadAddress = 0x400000;
const headers = 64 + 56;

/** @param arch GOARCH; programs for other machines than amd64 and arm64 have a header but no code that runs. */
export function tinyElf(arch: string, text: string): Buffer {
  const { machine, bigEndian } = architecture(arch);
  const message = Buffer.from(text);
  const code = arch === "amd64" ? amd64(message.length) : arch === "arm64" ? arm64(message.length) : Buffer.alloc(32);
  const size = headers + code.length + message.length;
  const head = Buffer.alloc(headers);
  const u16 = (value: number, at: number): number =>
    bigEndian ? head.writeUInt16BE(value, at) : head.writeUInt16LE(value, at);
  const u32 = (value: number, at: number): number =>
    bigEndian ? head.writeUInt32BE(value, at) : head.writeUInt32LE(value, at);
  const u64 = (value: number, at: number): number => (bigEndian ? u32(value, at + 4) : u32(value, at));
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, bigEndian ? 2 : 1, 1]);
  u16(2, 16); // an executable
  u16(machine, 18);
  u32(1, 20);
  u64(loadAddress + headers, 24); // entry
  u64(64, 32); // program headers
  u16(64, 52);
  u16(56, 54);
  u16(1, 56);
  u32(1, 64); // load …
  u32(5, 68); // … to read and execute
  u64(loadAddress, 80);
  u64(loadAddress, 88);
  u64(size, 96);
  u64(size, 104);
  u64(0x1000, 112);
  return Buffer.concat([head, code, message]);
}

/** What `etcd --version`, `etcdctl version` or `etcdutl version` print. */
export function tinyBinary(name: string, version: string, arch: string): Buffer {
  return tinyElf(
    arch,
    name === "etcd" ? `etcd Version: ${version}\nGit SHA: 0000000\n` : `${name} version: ${version}\nAPI version: 3\n`,
  );
}

function amd64(length: number): Buffer {
  const code = Buffer.from([
    0xb8,
    1,
    0,
    0,
    0, // mov eax, write
    0xbf,
    1,
    0,
    0,
    0, // mov edi, stdout
    0x48,
    0x8d,
    0x35,
    0,
    0,
    0,
    0, // lea rsi, [rip + text]
    0xba,
    0,
    0,
    0,
    0, // mov edx, length
    0x0f,
    0x05, // syscall
    0xb8,
    60,
    0,
    0,
    0, // mov eax, exit
    0x31,
    0xff, // xor edi, edi
    0x0f,
    0x05, // syscall
  ]);
  code.writeInt32LE(code.length - 17, 13);
  code.writeInt32LE(length, 18);
  return code;
}

function arm64(length: number): Buffer {
  const words = [
    0xd2800020, // mov x0, stdout
    0x10000001 | ((((8 - 1) * 4) >> 2) << 5), // adr x1, text
    0xd2800002 | (length << 5), // mov x2, length
    0xd2800808, // mov x8, write
    0xd4000001, // svc
    0xd2800000, // mov x0, 0
    0xd2800ba8, // mov x8, exit
    0xd4000001, // svc
  ];
  const code = Buffer.alloc(words.length * 4);
  words.forEach((word, index) => code.writeUInt32LE(word >>> 0, index * 4));
  return code;
}
