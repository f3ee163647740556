/** Local references (`$ref: "#/…"`): AWS imports one file, so there are no others. */
import { isObject, type JsonObject, member } from "./json.ts";

/** A chain of references longer than this is taken for a cycle. */
const LONGEST_CHAIN = 32;

/**
 * What `value` stands for: itself, or what its reference leads to.
 * @returns undefined when the reference leads nowhere, out of the document, or in a circle
 */
export function dereference(root: JsonObject, value: unknown): unknown {
  let current = value;
  for (let hop = 0; hop < LONGEST_CHAIN; hop++) {
    const reference = member(current, "$ref");
    if (typeof reference !== "string") return current;
    current = lookUp(root, reference);
  }
  return undefined;
}

/** @param pointer a JSON pointer as a URI fragment: `#/components/parameters/page` */
function lookUp(root: JsonObject, pointer: string): unknown {
  if (!pointer.startsWith("#/")) return undefined;
  let current: unknown = root;
  for (const token of pointer.slice(2).split("/")) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    current = isObject(current) ? member(current, name) : undefined;
    if (current === undefined) return undefined;
  }
  return current;
}
