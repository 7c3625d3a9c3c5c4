import { posix } from "node:path";

/** One entry of a file system in memory. Never changed in place, so a copy of the map is a copy of the disk. */
export interface FakeNode {
  readonly kind: "file" | "dir" | "link";
  /** Four octal digits. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly bytes: Uint8Array;
  /** Of a link. */
  readonly target: string;
}

const nothing = new Uint8Array();
const folder = (mode: string, owner: string, group: string): FakeNode => ({
  kind: "dir",
  mode,
  owner,
  group,
  bytes: nothing,
  target: "",
});

/** What goes wrong is thrown in the words of the C library, as the host's own commands would print it. */
export class FakeFiles {
  #nodes: Map<string, FakeNode>;
  /** Every link and where it leads, until something changes. */
  #linked: readonly (readonly [string, string])[] | undefined;

  constructor(nodes: ReadonlyMap<string, FakeNode> = new Map([["/", folder("0755", "root", "root")]])) {
    this.#nodes = new Map(nodes);
  }

  copy(): FakeFiles {
    return new FakeFiles(this.#nodes);
  }

  /** The path with every link followed except a last one. */
  #resolved(path: string, depth = 0): string {
    if (depth > 8) throw new Error(`${path}: Too many levels of symbolic links`);
    for (const [link, target] of this.#links()) {
      if (path.startsWith(`${link}/`)) return this.#resolved(target + path.slice(link.length), depth + 1);
    }
    return path;
  }

  #followed(path: string): string {
    const resolved = this.#resolved(`${path}/`).slice(0, -1);
    return resolved === "" ? "/" : resolved;
  }

  #links(): readonly (readonly [string, string])[] {
    this.#linked ??= [...this.#nodes].flatMap(([path, { kind, target }]) =>
      kind === "link" ? [[path, posix.resolve(posix.dirname(path), target)] as const] : [],
    );
    return this.#linked;
  }

  /** A last link is not followed. */
  stat(path: string): FakeNode | undefined {
    return this.#nodes.get(this.#resolved(path));
  }

  read(path: string): Uint8Array | undefined {
    const node = this.#nodes.get(this.#followed(path));
    return node?.kind === "file" ? node.bytes : undefined;
  }

  text(path: string): string | undefined {
    const bytes = this.read(path);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }

  isFolder(path: string): boolean {
    return this.#nodes.get(this.#followed(path))?.kind === "dir";
  }

  /** Names in a folder, sorted. */
  names(path: string): string[] {
    const prefix = this.#inside(this.#followed(path));
    return [...this.#nodes.keys()]
      .filter((other) => other !== "/" && other.startsWith(prefix) && !other.slice(prefix.length).includes("/"))
      .map((other) => other.slice(prefix.length))
      .sort();
  }

  makeFolder(path: string, mode: string, owner: string, group: string): void {
    const resolved = this.#followed(path);
    const before = this.#nodes.get(resolved);
    if (before !== undefined && before.kind !== "dir") throw new Error(`${path}: Not a directory`);
    this.makeParents(resolved);
    this.#set(resolved, folder(mode, owner, group));
  }

  makeParents(path: string): void {
    const parent = posix.dirname(path);
    if (parent === path || this.isFolder(parent)) return;
    this.makeFolder(parent, "0755", "root", "root");
  }

  write(path: string, content: string | Uint8Array, attributes: { mode: string; owner: string; group: string }): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.#put(path, {
      kind: "file",
      bytes,
      target: "",
      mode: attributes.mode,
      owner: attributes.owner,
      group: attributes.group,
    });
  }

  link(path: string, target: string): void {
    this.#put(path, { kind: "link", mode: "0777", owner: "root", group: "root", bytes: nothing, target });
  }

  #put(path: string, node: FakeNode): void {
    const resolved = this.#resolved(path);
    if (!this.isFolder(posix.dirname(resolved))) throw new Error(`${posix.dirname(path)} is not a folder`);
    if (this.#nodes.get(resolved)?.kind === "dir") throw new Error(`${path} is a folder`);
    this.#set(resolved, node);
  }

  #set(path: string, node: FakeNode): void {
    this.#nodes.set(path, node);
    this.#linked = undefined;
  }

  remove(path: string): void {
    const resolved = this.#resolved(path);
    for (const other of this.#tree(resolved)) this.#nodes.delete(other);
    this.#linked = undefined;
  }

  rename(from: string, to: string): void {
    const [source, target] = [this.#resolved(from), this.#resolved(to)];
    if (!this.isFolder(posix.dirname(target))) throw new Error(`${posix.dirname(to)} is not a folder`);
    for (const path of this.#tree(source)) {
      const node = this.#nodes.get(path);
      this.#nodes.delete(path);
      if (node !== undefined) this.#set(target + path.slice(source.length), node);
    }
  }

  #tree(path: string): string[] {
    const prefix = this.#inside(path);
    return [...this.#nodes.keys()].filter((other) => other === path || other.startsWith(prefix));
  }

  #inside = (path: string): string => (path === "/" ? "/" : `${path}/`);
}
