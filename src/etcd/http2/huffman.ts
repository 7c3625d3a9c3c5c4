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

/** Symbols in the order of their codes, and how many codes there are of each length. */
const symbols: number[] = [];
const counts: number[] = [];
for (let length = 0; length <= longest; length += 1) {
  const before = symbols.length;
  const letter = length < shortest ? "" : String.fromCharCode(97 + length - shortest);
  if (letter !== "")
    for (let at = lengths.indexOf(letter); at >= 0; at = lengths.indexOf(letter, at + 1)) symbols.push(at);
  counts.push(symbols.length - before);
}

/** Text of octets. @throws Http2Error */
export function huffmanText(bytes: Uint8Array): string {
  const octets: number[] = [];
  // Among the codes of a length, the first one, and where its symbol is.
  let [length, code, first, index] = [0, 0, 0, 0];
  let ones = true;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const value = (byte >> bit) & 1;
      ones &&= value === 1;
      length += 1;
      code = code * 2 + value;
      const count = counts[length] ?? 0;
      if (code - first < count) {
        const symbol = symbols[index + code - first] ?? endOfString;
        if (symbol === endOfString) throw broken();
        octets.push(symbol);
        [length, code, first, index, ones] = [0, 0, 0, 0, true];
      } else {
        index += count;
        first = (first + count) * 2;
      }
    }
  }
  // What is left over fills the last octet: fewer than eight bits, all set.
  if (length > 7 || !ones) throw broken();
  return Buffer.from(octets).toString("latin1");
}

const broken = (): Http2Error => new Http2Error(errorCode.compression, "the server sent a header that is no text");
