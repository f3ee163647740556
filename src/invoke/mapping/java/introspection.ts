/** How Velocity 1.7 finds what `$x.name`, `$x.name(…)` and `$x[…]` mean for a value. */
import { TemplateError } from "../template-scope.ts";
import { listMethods, mapMethods } from "./collections.ts";
import { callMethod, type Methods, type Overload } from "./method-table.ts";
import { booleanMethods, numberMethods } from "./number-methods.ts";
import { isNumber } from "./numbers.ts";
import { textMethods } from "./texts.ts";
import { JavaMap, JavaObject, List, type Value } from "./values.ts";

const objectMethods: Methods<JavaObject> = new Map<string, readonly Overload<JavaObject>[]>([
  ["equals", [["o", (self, other: Value) => self === other]]],
  ["toString", [["", (self) => self.print()]]],
]);

/** @returns undefined when the value has no such method for these arguments: null, to a template */
export function call(self: Value, name: string, values: Value[]): Value | undefined {
  if (typeof self === "string") return callMethod(textMethods, self, name, values);
  if (self instanceof JavaMap) return callMethod(mapMethods, self, name, values);
  if (self instanceof List) return callMethod(listMethods(self), self, name, values);
  if (self instanceof JavaObject)
    return self.call(name, values) ?? callMethod(objectMethods, self, name, values);
  if (typeof self === "boolean") return callMethod(booleanMethods, self, name, values);
  return isNumber(self) ? callMethod(numberMethods(self), self, name, values) : undefined;
}

const flipped = (name: string): string => {
  const first = name[0] as string;
  const other = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase();
  return other + name.slice(1);
};

/** A key of a map; of anything else `getName()` or, when that is a boolean, `isName()`. */
export function property(self: Value, name: string): Value | undefined {
  if (self instanceof JavaMap) return self.get(name);
  if (self instanceof JavaObject) return self.get(name);
  // An array has methods as a list has, but no properties.
  if (self instanceof List && self.kind === "array") return undefined;
  const read = (prefix: string) => call(self, prefix + name, []) ?? call(self, prefix + flipped(name), []);
  const value = read("get");
  if (value !== undefined) return value;
  const flag = read("is");
  return typeof flag === "boolean" ? flag : undefined;
}

/** `$x[index]` is `$x.get(index)`; a negative one counts from the end. @throws TemplateError outside of a list */
export function element(self: Value, index: Value): Value | undefined {
  return call(self, "get", [fromEnd(self, index)]);
}

function fromEnd(self: Value, index: Value): Value {
  if (typeof index !== "number" || index >= 0) return index;
  const size = call(self, "size", []);
  if (typeof size !== "number") throw new TemplateError("what a negative index counts from has no size");
  return size + index;
}

/** `#set($x[index] = value)`: `set()` of a list, else `put()`. What has neither is left as it is. */
export function setElement(self: Value, index: Value, value: Value): void {
  const position = fromEnd(self, index);
  if (call(self, "set", [position, value]) === undefined) call(self, "put", [position, value]);
}

/** `#set($x.name = value)`. */
export function setProperty(self: Value, name: string, value: Value): void {
  if (self instanceof JavaMap) self.put(name, value);
  else if (self instanceof JavaObject && !self.set(name, value)) self.call("put", [name, value]);
}
