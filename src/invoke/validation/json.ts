/** Request bodies as validation sees them: JSON, with the numbers as they were written. */

/** A number that JavaScript would write otherwise: `1.0`, which is no integer, `1e3`, or one with too many digits. */
export class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get value(): number {
    return Number(this.text);
  }
}

export type Json = null | boolean | number | string | WrittenNumber | Json[] | { [name: string]: Json };

/** What a body must have for any of its numbers to be written otherwise; it may also be part of a text. */
const suspicious = /\d[eE]|\.\d*0(?!\d)|\d{16}/;

/** @throws SyntaxError */
export function parseJson(text: string): Json {
  if (!suspicious.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_name, value, context?: { source?: string }) => {
    const source = context?.source;
    return typeof value === "number" && source !== undefined && source !== String(value)
      ? new WrittenNumber(source)
      : value;
  });
}

export type JsonType = "array" | "boolean" | "integer" | "null" | "number" | "object" | "string";

export function typeOf(value: Json): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (value instanceof WrittenNumber) return /^-?\d+$/.test(value.text) ? "integer" : "number";
  return typeof value as "boolean" | "object" | "string";
}

export const isObject = (value: Json): value is { [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber);

export const numberOf = (value: Json): number =>
  value instanceof WrittenNumber ? value.value : (value as number);

/** Compact, in the order it has. */
export function print(value: Json): string {
  if (value instanceof WrittenNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(print).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${print(member)}`)
    .join(",")}}`;
}

/** The same text for all that is equal: numbers by their value, members in any order. */
export function canonical(value: Json): string {
  if (value instanceof WrittenNumber) return String(value.value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name] as Json)}`).join(",")}}`;
}
