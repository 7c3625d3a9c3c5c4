import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Http2Error } from "../../../src/etcd/http2/frames.js";
import { FieldReader, writeFields } from "../../../src/etcd/http2/header-fields.js";

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ""), "hex");
const read = (reader: FieldReader, text: string): string[] =>
  reader.read(hex(text)).map(([name, value]) => `${name}: ${value}`);

describe("the examples of RFC 7541, appendix C", () => {
  it.each([
    ["C.2.1", "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "custom-key: custom-header"],
    ["C.2.2", "040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path"],
    ["C.2.3", "1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret"],
    ["C.2.4", "82", ":method: GET"],
  ])("%s, one field", (_section, block, field) => {
    expect(read(new FieldReader(), block)).toEqual([field]);
  });

  const first = [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"];
  const requests = [
    first,
    [...first, "cache-control: no-cache"],
    [":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com", "custom-key: custom-value"],
  ];
  it.each([
    [
      "C.3, requests as they are",
      [
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
      ],
    ],
    [
      "C.4, requests in Huffman code",
      [
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
      ],
    ],
  ])("%s", (_section, blocks) => {
    const reader = new FieldReader();
    expect(blocks.map((block) => read(reader, block))).toEqual(requests);
  });

  const date = "date: Mon, 21 Oct 2013 20:13:21 GMT";
  const location = "location: https://www.example.com";
  const responses = [
    [":status: 302", "cache-control: private", date, location],
    [":status: 307", "cache-control: private", date, location],
    [
      ":status: 200",
      "cache-control: private",
      "date: Mon, 21 Oct 2013 20:13:22 GMT",
      location,
      "content-encoding: gzip",
      "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
    ],
  ];
  it.each([
    [
      "C.5, responses as they are, in a table of 256 bytes that drops what is oldest",
      [
        `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e
         1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
        "4803 3330 37c1 c0bf",
        `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d
         4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572
         7369 6f6e 3d31`,
      ],
    ],
    [
      "C.6, responses in Huffman code, in a table of 256 bytes that drops what is oldest",
      [
        `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b
         97c8 e9ae 82ae 43d3`,
        "4883 640e ffc1 c0bf",
        `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf
         cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
      ],
    ],
  ])("%s", (_section, blocks) => {
    const reader = new FieldReader(256);
    expect(blocks.map((block) => read(reader, block))).toEqual(responses);
  });
});

describe("header fields", () => {
  it("are read as they were written, however long", () => {
    const text = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 400,
    });
    const long = fc.integer({ min: 0, max: 40_000 }).map((length) => "x".repeat(length));
    fc.assert(
      fc.property(fc.dictionary(text, fc.oneof(text, long), { noNullPrototype: true, maxKeys: 4 }), (fields) => {
        const reader = new FieldReader(4096, 1 << 20);
        expect(reader.read(writeFields(fields))).toEqual(Object.entries(fields));
      }),
    );
  });

  it.each([
    ["an entry 0", "80"],
    ["an entry that was never told", "be"],
    ["a name that was never told", "7f 00 01 61"],
    ["a text that is cut off", "40 0a 63"],
    ["a text without an end", "40"],
    ["a length without an end", "40 7f ff ff ff ff ff ff ff 00"],
    ["a table larger than agreed on", "3f e2 1f"],
    ["a change of the table amid the fields", "82 20"],
    ["a Huffman code of the end of a text", "40 84 ff ff ff ff 01 61"],
    ["a Huffman code that is filled up with zeros", "40 81 18 01 61"],
    ["a Huffman code that is filled up with a whole octet", "40 82 1f ff 01 61"],
  ])("end the connection with %s", (_what, block) => {
    expect(() => new FieldReader().read(hex(block))).toThrow(Http2Error);
  });

  it("are not taken beyond the limit, even from a few octets that point at the table", () => {
    const reader = new FieldReader();
    reader.read(writeFields({}));
    reader.read(Buffer.concat([hex("40 01 61 7f 81 17"), Buffer.alloc(3072, 0x62)]));
    expect(() => reader.read(Buffer.alloc(100, 0xbe))).toThrow(/more headers/);
  });

  it("of any octets at all are read or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (block) => {
        try {
          new FieldReader().read(block);
        } catch (error) {
          expect(error).toBeInstanceOf(Http2Error);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
