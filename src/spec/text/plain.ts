/** YAML nodes → plain mappings, lists and strings, with ${NAME} replaced from the environment. */
import { isAlias, isMap, isScalar, isSeq, type Document, type Node } from "yaml";
import type { Problem, YamlPath } from "../problem.js";
import { keyText } from "./positions.js";

export type Plain = string | Plain[] | { [key: string]: Plain };
export type Environment = Readonly<Record<string, string | undefined>>;

/** A cluster file has a few hundred values; only repeated aliases make this many. */
const mostValues = 20_000;
const deepest = 32;

/** Left out are keys without a value, `~` and `null`: they say nothing. undefined when the whole file says nothing. */
export function plainValue(document: Document, env: Environment): { value: Plain | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  let count = 0;
  const convert = (node: Node | null | undefined, path: YamlPath): Plain | undefined => {
    count += 1;
    if (count > mostValues || path.length > deepest) throw new Bomb();
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target !== undefined) return convert(target, path);
      problems.push({
        code: "E_YAML",
        path,
        message: `the alias *${node.source} stands before or without its anchor`,
        next: "write the value itself",
      });
      return undefined;
    }
    if (isMap(node)) {
      const entries = node.items.map(
        (pair) => [keyText(pair), convert(pair.value as Node | null, [...path, keyText(pair)])] as const,
      );
      return Object.fromEntries(entries.filter((entry): entry is readonly [string, Plain] => entry[1] !== undefined));
    }
    if (isSeq(node)) return node.items.map((item, index) => convert(item as Node, [...path, index]) ?? "");
    if (!isScalar(node) || (node.type === "PLAIN" && nothing.has(String(node.value))))
      return isMember(path) ? {} : undefined;
    return substitute(String(node.value), path, env, problems);
  };
  try {
    return { value: convert(document.contents as Node | null, []), problems };
  } catch (error) {
    if (!(error instanceof Bomb)) throw error;
    const message = `the file unfolds to more than ${mostValues} values or ${deepest} levels`;
    return {
      value: undefined,
      problems: [
        { code: "E_SPEC_TOO_LARGE", path: [], message, next: "write values out instead of repeating aliases" },
      ],
    };
  }
}

class Bomb extends Error {}

const nothing = new Set(["", "~", "null"]);

/** `members: {a: , b: , c: }` names three members of which all is left to the defaults. */
const isMember = (path: YamlPath): boolean => path.length === 2 && path[0] === "members" && typeof path[1] === "string";

/** `${NAME}` becomes the variable's value; `$${NAME}` stays as `${NAME}`. */
function substitute(text: string, path: YamlPath, env: Environment, problems: Problem[]): string {
  return text.replace(/(\$?)\$\{([^}]*)\}/g, (whole, escape: string, name: string) => {
    if (escape !== "") return whole.slice(1);
    const value = env[name];
    if (value !== undefined && value !== "") return value;
    const message = /^\w+$/.test(name)
      ? `the environment variable ${name} is ${value === "" ? "empty" : "not set"}`
      : `${JSON.stringify(whole)} names no variable`;
    problems.push({
      code: "E_SPEC_VARIABLE",
      path,
      message,
      found: whole,
      expected: "the name of a variable that is set",
      next: `export ${name || "NAME"}, or write the value itself`,
    });
    return whole;
  });
}
