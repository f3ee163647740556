/**
 * The values of a template, as Java has them: null, texts, numbers, booleans, lists, maps, and objects of the engine.
 */
import { TemplateError } from "../template-scope.ts";
import { commonEscapes, escaped } from "./escapes.ts";
import { Double, isNumber, isSameNumber, type JavaNumber, printNumber } from "./numbers.ts";

export type Value = null | string | boolean | JavaNumber | List | JavaMap | JavaObject;

/** ArrayList; or JSONArray, which prints as JSON; or the keys of a map, which have no order; or an array. */
export class List {
  items: Value[];
  readonly kind: "list" | "json" | "set" | "array";
  /** The map that it is the keys, values or entries of. */
  readonly source: JavaMap | undefined;

  constructor(items: Value[], kind: List["kind"] = "list", source?: JavaMap) {
    this.items = items;
    this.kind = kind;
    this.source = source;
  }
}

/** What stands for a key in a JavaScript map: equal keys of Java are the same one here. */
export type Key = Value;

/** A member of parsed JSON; what has been made a Value of stands in its place. */
type Parsed = unknown;

/**
 * LinkedHashMap: in the order of insertion. Numbers that are no Integer are keys by their text.
 * One of parsed JSON becomes a Map only when more is asked of it than single members.
 */
export class JavaMap {
  #entries: Map<Key, Value> | undefined;
  readonly #parsed: Record<string, Parsed> | undefined;

  constructor(entries?: Iterable<[Key, Value]>, parsed?: Record<string, Parsed>) {
    this.#parsed = parsed;
    if (!parsed) this.#entries = new Map(entries);
  }

  get entries(): Map<Key, Value> {
    if (!this.#entries) {
      this.#entries = new Map();
      const parsed = this.#parsed as Record<string, Parsed>;
      for (const name of Object.keys(parsed)) this.#entries.set(name, memberOf(parsed, name));
    }
    return this.#entries;
  }

  get(key: Value): Value | undefined {
    if (this.#entries) return this.#entries.get(keyOf(key));
    const parsed = this.#parsed as Record<string, Parsed>;
    return typeof key === "string" && Object.hasOwn(parsed, key) ? memberOf(parsed, key) : undefined;
  }

  put(key: Value, value: Value): void {
    this.entries.set(keyOf(key), value);
  }

  delete(key: Value): void {
    this.entries.delete(keyOf(key));
  }
}

function memberOf(parsed: Record<string, Parsed>, name: string): Value {
  const member = parsed[name];
  if (typeof member !== "object" || member === null || member instanceof JavaMap || member instanceof List) {
    return typeof member === "number" ? ofNumber(member) : (member as Value);
  }
  const value = fromParsed(member);
  // The same object each time: a template may change it.
  parsed[name] = value;
  return value;
}

const ofNumber = (value: number): Value => (Number.isInteger(value) ? value : new Double(value));

/** @param parsed what JSON.parse made, whole numbers in it no greater than an Integer; it belongs to the value then */
export function fromParsed(parsed: Parsed): Value {
  if (typeof parsed === "number") return ofNumber(parsed);
  if (typeof parsed !== "object" || parsed === null) return parsed as Value;
  if (!Array.isArray(parsed)) return new JavaMap(undefined, parsed as Record<string, Parsed>);
  for (let index = 0; index < parsed.length; index++) parsed[index] = fromParsed(parsed[index]);
  return new List(parsed as Value[], "json");
}

/** As a key, a list or a map is the text it prints. */
const keyOf = (key: Value): Key =>
  key instanceof List || key instanceof JavaMap || (isNumber(key) && typeof key !== "number")
    ? print(key)
    : key;

/** An object of the engine: `$input`, `$context`, `$foreach`. What it has not is not there. */
export abstract class JavaObject {
  /** @returns undefined when there is no such property */
  get(_name: string): Value | undefined {
    return undefined;
  }

  /** @returns whether it may be set */
  set(_name: string, _value: Value): boolean {
    return false;
  }

  /** @returns undefined when there is no such method for these arguments */
  call(_name: string, _values: Value[]): Value | undefined {
    return undefined;
  }

  /** What #foreach runs over. */
  items(): Value[] | undefined {
    return undefined;
  }

  /** What stands for it in JSON. */
  json(): Value {
    return new JavaMap();
  }

  /** @returns null when it cannot be printed */
  print(): string | null {
    return "";
  }
}

/** Characters that a value may print; more than any payload may have. */
const mostCharacters = 12_000_000;
/** Levels of lists and maps in one another; Java overflows its stack somewhere, too. */
const deepest = 500;

/** @throws TemplateError for what is too long, and for what holds itself */
export function bounded(text: string): string {
  if (text.length > mostCharacters) throw new TemplateError("the template prints too much");
  return text;
}

/** Java's String.valueOf. */
export function print(value: Value): string {
  if (typeof value === "string") return value;
  return new Printer().print(value, 0);
}

/** As json-smart prints JSON: compact, a slash as it is. */
export function printJson(value: Value): string {
  return new Printer().json(value, 0, quote);
}

/** A text as JSON. */
type Quote = (text: string) => string;

class Printer {
  #left = mostCharacters;

  #spend(text: string, depth: number): string {
    this.#left -= text.length;
    if (this.#left < 0) throw new TemplateError("the template prints too much");
    if (depth > deepest) throw new TemplateError("a value is nested too deeply");
    return text;
  }

  print(value: Value, depth: number): string {
    if (typeof value === "string") return this.#spend(value, depth);
    if (isNumber(value)) return printNumber(value);
    if (value instanceof List) {
      // A list that prints itself escapes the slash, as it does not when `$input.json` prints it.
      if (value.kind === "json") return this.json(value, depth, quoteForWeb);
      this.#spend("[]", depth);
      return `[${value.items.map((item) => (item === value ? "(this Collection)" : this.print(item, depth + 1))).join(", ")}]`;
    }
    if (value instanceof JavaMap) {
      this.#spend("{}", depth);
      const entries = Array.from(
        value.entries,
        ([key, entry]) =>
          `${this.print(key, depth + 1)}=${entry === value ? "(this Map)" : this.print(entry, depth + 1)}`,
      );
      return `{${entries.join(", ")}}`;
    }
    if (value instanceof JavaObject) return value.print() ?? "null";
    return String(value);
  }

  json(value: Value, depth: number, quote: Quote): string {
    if (typeof value === "string") return this.#spend(quote(value), depth);
    // An infinity is no JSON.
    if (value instanceof Double && Math.abs(value.value) === Number.POSITIVE_INFINITY) return "null";
    if (isNumber(value)) return printNumber(value);
    if (value instanceof List) {
      this.#spend("[]", depth);
      return `[${value.items.map((item) => this.json(item, depth + 1, quote)).join(",")}]`;
    }
    if (value instanceof JavaMap) {
      this.#spend("{}", depth);
      const entries = Array.from(
        value.entries,
        ([key, entry]) => `${this.#spend(quote(print(key)), depth)}:${this.json(entry, depth + 1, quote)}`,
      );
      return `{${entries.join(",")}}`;
    }
    return value instanceof JavaObject ? this.json(value.json(), depth + 1, quote) : String(value);
  }
}

const special = /[^ !#-[\]-~\u00a0-\u1fff\u2100-\uffff]/;
const specials = new RegExp(special, "g");

/** json-smart escapes control characters and general punctuation, in capitals. */
function quote(text: string): string {
  if (!special.test(text)) return `"${text}"`;
  return `"${escaped(text, specials, commonEscapes)}"`;
}

const quoteForWeb: Quote = (text) => quote(text).replaceAll("/", "\\/");

/** Java's equals(). */
export function isEqual(left: Value, right: Value, depth = 0): boolean {
  if (left === right) return true;
  if (depth > deepest) throw new TemplateError("a value is nested too deeply");
  if (isNumber(left) && isNumber(right)) return isSameNumber(left, right);
  if (left instanceof List && right instanceof List) {
    const { items } = right;
    return (
      left.items.length === items.length &&
      left.items.every((item, index) => isEqual(item, items[index] as Value, depth + 1))
    );
  }
  if (left instanceof JavaMap && right instanceof JavaMap) {
    if (left.entries.size !== right.entries.size) return false;
    for (const [key, value] of left.entries) {
      const other = right.entries.get(key);
      if (other === undefined || !isEqual(value, other, depth + 1)) return false;
    }
    return true;
  }
  return false;
}
