/** The Huffman code of header fields (RFC 7541, 5.2 and appendix B). It is canonical: the lengths of its codes say it all. */
import { errorCode, Http2Error } from "./frames.js";

/** Bits in the code of each octet, and of the end of a string, which comes last: a stands for 5, z for 30. */
const lengths =
  "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhf" +
  "ibccccccccccccccccccccccdcdioijbkabababbbaccbbbabcbaabccccckgjix" +
  "prpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrs" +
  "vvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwvz";

const shortest = 5;
const longest = 30;
const endOfString = 256;

/** Symbols in the order of their codes. */
const symbols: number[] = [];
/** By length: what comes after the last code, and by how much a code differs from the place of its symbol. */
const ends: number[] = [];
const shifts: number[] = [];
for (let length = shortest, code = 0; length <= longest; length += 1, code *= 2) {
  shifts[length] = symbols.length - code;
  const letter = String.fromCharCode(97 + length - shortest);
  for (let at = lengths.indexOf(letter); at >= 0; at = lengths.indexOf(letter, at + 1)) {
    symbols.push(at);
    code += 1;
  }
  ends[length] = code;
}

/** Text of octets. @throws Http2Error */
export function huffmanText(bytes: Uint8Array): string {
  let text = "";
  const bits = bytes.length * 8;
  let at = 0;
  while (bits - at >= shortest) {
    const octet = at >> 3;
    let code = ((((bytes[octet] ?? 0) << 8) | (bytes[octet + 1] ?? 0)) >> (11 - (at & 7))) & 0x1f;
    let length = shortest;
    while (code >= (ends[length] ?? 0) && at + length < bits) {
      code = code * 2 + bitAt(bytes, at + length);
      length += 1;
    }
    if (code >= (ends[length] ?? 0)) break;
    const symbol = symbols[code + (shifts[length] ?? 0)] ?? endOfString;
    if (symbol === endOfString) throw broken();
    text += String.fromCharCode(symbol);
    at += length;
  }
  // What is left over fills the last octet: fewer than eight bits, all set.
  if (bits - at > 7) throw broken();
  for (; at < bits; at += 1) if (bitAt(bytes, at) === 0) throw broken();
  return text;
}

const bitAt = (bytes: Uint8Array, at: number): number => ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;

const broken = (): Http2Error => new Http2Error(errorCode.compression, "the server sent a header that is no text");
