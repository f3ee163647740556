/** Java's hashCode(). */
import { hashOfNumber, isNumber } from "./numbers.ts";
import { hashOfText } from "./texts.ts";
import { JavaMap, List, type Value } from "./values.ts";

/** Levels of lists and maps in one another. */
const deepest = 500;

/** @throws RangeError for what holds itself, where Java's stack overflows */
export function hashOf(value: Value, depth = 0): number {
  if (depth > deepest) throw new RangeError("a value is nested too deeply");
  if (typeof value === "string") return hashOfText(value);
  if (typeof value === "boolean") return value ? 1231 : 1237;
  if (isNumber(value)) return hashOfNumber(value);
  if (value instanceof List) {
    const { items, kind } = value;
    if (kind === "set") return items.reduce((hash: number, item) => (hash + hashOf(item, depth + 1)) | 0, 0);
    return items.reduce((hash: number, item) => (Math.imul(hash, 31) + hashOf(item, depth + 1)) | 0, 1);
  }
  if (!(value instanceof JavaMap)) return 0;
  let hash = 0;
  for (const [key, entry] of value.entries)
    hash = (hash + (hashOf(key, depth + 1) ^ hashOf(entry, depth + 1))) | 0;
  return hash;
}
