/** The methods of Java's String, List, Map and numbers that templates use. */
import { TemplateError } from "../template-scope.ts";
import { Double, isEqual, print, type Value } from "./values.ts";

type Method<Self> = (self: Self, ...values: Value[]) => Value;

const text = (value: Value | undefined): string => (value === undefined ? "" : print(value));
const whole = (value: Value | undefined): number => (typeof value === "number" ? value : Number.NaN);

/** An index as Java's methods take it. @throws TemplateError outside of 0 to `limit` */
function indexOf(value: Value | undefined, limit: number): number {
  const index = whole(value);
  if (!(index >= 0 && index <= limit)) throw new TemplateError(`index ${text(value)} is out of range`);
  return index;
}

const patterns = new Map<string, RegExp>();
const mostPatterns = 200;

/** Java's regular expressions as far as JavaScript has them. @throws TemplateError */
function patternOf(source: string, flags: string): RegExp {
  const key = `${flags} ${source}`;
  let pattern = patterns.get(key);
  if (!pattern) {
    try {
      pattern = new RegExp(source, flags);
    } catch {
      throw new TemplateError(`${source} is no regular expression`);
    }
    if (patterns.size >= mostPatterns) patterns.clear();
    patterns.set(key, pattern);
  }
  return pattern;
}

/** `\$1` of Java's replacements is `$1` here too, `$` alone is not. */
const replacementOf = (value: Value | undefined): string =>
  text(value)
    .replace(/\$(?!\d)/g, "$$$$")
    .replace(/\\(.)/g, "$1");

/** As Java does: the difference of the first characters that differ, or else of the lengths. */
function compareTexts(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at++) {
    const difference = left.charCodeAt(at) - right.charCodeAt(at);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Java's hash of a String: a signed 32-bit integer. */
function hashOf(self: string): number {
  let hash = 0;
  for (let at = 0; at < self.length; at++) hash = (Math.imul(hash, 31) + self.charCodeAt(at)) | 0;
  return hash;
}

const strings: Record<string, Method<string>> = {
  length: (self) => self.length,
  isEmpty: (self) => self === "",
  toString: (self: string) => self,
  trim: (self) => self.trim(),
  toUpperCase: (self) => self.toUpperCase(),
  toLowerCase: (self) => self.toLowerCase(),
  concat: (self, other) => self + text(other),
  contains: (self, part) => self.includes(text(part)),
  startsWith: (self, part) => self.startsWith(text(part)),
  endsWith: (self, part) => self.endsWith(text(part)),
  equals: (self, other) => self === other,
  equalsIgnoreCase: (self, other) => self.toLowerCase() === text(other).toLowerCase(),
  compareTo: (self, other) => compareTexts(self, text(other)),
  compareToIgnoreCase: (self, other) => compareTexts(self.toLowerCase(), text(other).toLowerCase()),
  hashCode: (self) => hashOf(self),
  indexOf: (self, part) => self.indexOf(text(part)),
  lastIndexOf: (self, part) => self.lastIndexOf(text(part)),
  charAt: (self, index) => self.charAt(indexOf(index, self.length - 1)),
  substring: (self, from, to) => {
    const end = to === undefined ? self.length : indexOf(to, self.length);
    return self.slice(indexOf(from, end), end);
  },
  replace: (self, from, to) => self.replaceAll(text(from), () => text(to)),
  replaceAll: (self, from, to) => self.replace(patternOf(text(from), "g"), replacementOf(to)),
  replaceFirst: (self, from, to) => self.replace(patternOf(text(from), ""), replacementOf(to)),
  matches: (self, pattern) => patternOf(`^(?:${text(pattern)})$`, "").test(self),
  // Java drops empty texts at the end.
  split: (self, separator) => {
    const parts: Value[] = self.split(patternOf(text(separator), ""));
    while (parts.length > 1 && parts.at(-1) === "") parts.pop();
    return parts;
  },
};

const lists: Record<string, Method<Value[]>> = {
  size: (self) => self.length,
  isEmpty: (self) => self.length === 0,
  toString: (self: Value[]) => print(self),
  get: (self, index) => self[indexOf(index, self.length - 1)] as Value,
  set: (self, index, value) => {
    const at = indexOf(index, self.length - 1);
    const before = self[at] as Value;
    self[at] = value ?? "";
    return before;
  },
  add: (self, first, second) => {
    if (second === undefined) {
      self.push(first ?? "");
      return true;
    }
    self.splice(indexOf(first, self.length), 0, second);
    return "";
  },
  addAll: (self, other) => {
    if (!Array.isArray(other)) throw new TemplateError("addAll needs a list");
    for (const value of [...other]) self.push(value);
    return other.length > 0;
  },
  remove: (self, index) => {
    const at = typeof index === "number" ? index : self.findIndex((value) => isEqual(value, index ?? ""));
    const [removed] = at >= 0 ? self.splice(at, 1) : [];
    return typeof index === "number" ? (removed ?? "") : removed !== undefined;
  },
  clear: (self) => {
    self.length = 0;
    return "";
  },
  contains: (self, value) => self.some((element) => isEqual(element, value ?? "")),
  indexOf: (self, value) => self.findIndex((element) => isEqual(element, value ?? "")),
};

const maps: Record<string, Method<Map<string, Value>>> = {
  size: (self) => self.size,
  isEmpty: (self) => self.size === 0,
  toString: (self: Map<string, Value>) => print(self),
  get: (self, key) => self.get(text(key)) ?? "",
  put: (self, key, value) => {
    const before = self.get(text(key)) ?? "";
    self.set(text(key), value ?? "");
    return before;
  },
  putAll: (self, other) => {
    if (!(other instanceof Map)) throw new TemplateError("putAll needs a map");
    for (const [key, value] of other) self.set(key, value);
    return "";
  },
  remove: (self, key) => {
    const before = self.get(text(key)) ?? "";
    self.delete(text(key));
    return before;
  },
  clear: (self) => {
    self.clear();
    return "";
  },
  containsKey: (self, key) => self.has(text(key)),
  containsValue: (self, value) => [...self.values()].some((entry) => isEqual(entry, value ?? "")),
  keySet: (self) => [...self.keys()],
  values: (self) => [...self.values()],
  entrySet: (self) =>
    Array.from(
      self,
      ([key, value]) =>
        new Map<string, Value>([
          ["key", key],
          ["value", value],
        ]),
    ),
};

const numbers: Record<string, Method<number | Double>> = {
  toString: (self: number | Double) => print(self),
  intValue: (self) => Math.trunc(typeof self === "number" ? self : self.value),
  longValue: (self) => Math.trunc(typeof self === "number" ? self : self.value),
  doubleValue: (self) => new Double(typeof self === "number" ? self : self.value),
  equals: (self, other) => isEqual(self, other ?? ""),
  parseInt: (_self, value) => {
    if (!/^[+-]?\d{1,10}$/.test(text(value))) throw new TemplateError(`${text(value)} is no number`);
    return Number(text(value));
  },
  parseDouble: (_self, value) => new Double(Number(text(value))),
};

const booleans: Record<string, Method<boolean>> = {
  toString: (self: boolean) => String(self),
  equals: (self, other) => self === other,
};

/** The entries of a map's entry set are read by methods too. */
const entryMethods: Record<string, string> = { getKey: "key", getValue: "value" };

/** @returns undefined when the value has no such method: null, to a template */
export function call(self: Value, name: string, values: Value[]): Value | undefined {
  const own = <Self>(methods: Record<string, Method<Self>>, target: Self): Value | undefined =>
    Object.hasOwn(methods, name) ? methods[name]?.(target, ...values) : undefined;
  if (typeof self === "string") return own(strings, self);
  if (typeof self === "number" || self instanceof Double) return own(numbers, self);
  if (typeof self === "boolean") return own(booleans, self);
  if (Array.isArray(self)) return own(lists, self);
  if (self instanceof Map) {
    return Object.hasOwn(entryMethods, name) ? self.get(entryMethods[name] as string) : own(maps, self);
  }
  if (self === null) return undefined;
  const { methods } = self.object;
  return methods && Object.hasOwn(methods, name) ? methods[name]?.(...values) : undefined;
}
