/**
 * The values of a template, as Java has them: texts, whole numbers and doubles, booleans, lists, maps. A reference that
 * leads nowhere is the empty text (mapping-templates, "Null is the empty string").
 */

/** Printed with its fraction, as Java prints a double. */
export class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A list out of JSON, which prints as JSON. */
export class JsonList extends Array<Value> {}

/** What a reference may name that is none of the plain values: `$input`, `$util`, `$context`, `$foreach`. */
export interface HostObject {
  /** @returns undefined when there is no such property */
  get?(name: string): Value | undefined;
  /** @returns whether it may be set */
  set?(name: string, value: Value): boolean;
  methods?: Readonly<Record<string, (...values: Value[]) => Value>>;
}

export class Host {
  readonly object: HostObject;

  constructor(object: HostObject) {
    this.object = object;
  }
}

/** Null stands inside of JSON only: a reference to it is the empty text. */
export type Value = null | string | number | boolean | Double | Value[] | Map<string, Value> | Host;

/** From parsed JSON. */
export function fromJson(json: unknown): Value {
  switch (typeof json) {
    case "string":
    case "boolean":
      return json;
    case "number":
      return Number.isInteger(json) ? json : new Double(json);
    default:
      break;
  }
  if (Array.isArray(json)) return JsonList.from(json, fromJson) as JsonList;
  if (typeof json !== "object" || json === null) return null;
  return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
}

export function print(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof Double) return printDouble(value.value);
  if (value instanceof JsonList) return printJson(value);
  if (Array.isArray(value)) return `[${value.map(print).join(", ")}]`;
  if (value instanceof Map)
    return `{${Array.from(value, ([key, entry]) => `${key}=${print(entry)}`).join(", ")}}`;
  if (value instanceof Host) return "";
  return String(value);
}

/** Java's Double.toString. */
function printDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Compact JSON. */
export function printJson(value: Value): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Double) return printDouble(value.value);
  if (Array.isArray(value)) return `[${value.map(printJson).join(",")}]`;
  if (value instanceof Map) {
    return `{${Array.from(value, ([key, entry]) => `${JSON.stringify(key)}:${printJson(entry)}`).join(",")}}`;
  }
  return value instanceof Host ? "{}" : String(value);
}

/** Everything but false: null is the empty text, and a text is true. */
export const isTrue = (value: Value): boolean => value !== false;

const isNumber = (value: Value): value is number | Double =>
  typeof value === "number" || value instanceof Double;
const numberOf = (value: number | Double): number => (typeof value === "number" ? value : value.value);

export function isEqual(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return numberOf(left) === numberOf(right);
  if (typeof left === "object" || typeof right === "object") {
    return typeof left === typeof right && print(left) === print(right);
  }
  // Velocity 1.7 compares what is not of one class by its text.
  return typeof left === typeof right ? left === right : String(left) === String(right);
}

/** @returns undefined when the two cannot be compared, which is false in every comparison */
export function compare(left: Value, right: Value): number | undefined {
  return isNumber(left) && isNumber(right) ? numberOf(left) - numberOf(right) : undefined;
}

/** Arithmetic of Java: whole numbers stay whole; what is no number gives null, but for a sum, which joins texts. */
export function calculate(operator: "+" | "-" | "*" | "/" | "%", left: Value, right: Value): Value {
  if (!isNumber(left) || !isNumber(right)) return operator === "+" ? print(left) + print(right) : "";
  const a = numberOf(left);
  const b = numberOf(right);
  if ((operator === "/" || operator === "%") && b === 0) return "";
  const isWhole = typeof left === "number" && typeof right === "number";
  const result = apply(operator, a, b, isWhole);
  return isWhole ? result : new Double(result);
}

function apply(operator: "+" | "-" | "*" | "/" | "%", a: number, b: number, isWhole: boolean): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return isWhole ? Math.trunc(a / b) : a / b;
    case "%":
      return a % b;
  }
}
