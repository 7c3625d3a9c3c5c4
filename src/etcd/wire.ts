/**
 * The protobuf reader and writer that the generated messages are built on. The package's own entry also loads its
 * reflection and text formats, which costs a command more time than all of etcd's messages together, so the one file
 * that holds the two is taken from beside that entry; should it ever move, the entry itself serves.
 */
import type * as Wire from "@bufbuild/protobuf/wire";

type Codec = Pick<typeof Wire, "BinaryReader" | "BinaryWriter">;

async function load(): Promise<Codec> {
  try {
    const beside = new URL("./binary-encoding.js", import.meta.resolve("@bufbuild/protobuf/wire"));
    return (await import(beside.href)) as Codec;
  } catch {
    return import("@bufbuild/protobuf/wire");
  }
}

const codec = await load();

export const BinaryReader: Codec["BinaryReader"] = codec.BinaryReader;
export type BinaryReader = Wire.BinaryReader;
export const BinaryWriter: Codec["BinaryWriter"] = codec.BinaryWriter;
export type BinaryWriter = Wire.BinaryWriter;
